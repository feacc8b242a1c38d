/* What a C compiler makes of struct results: narrow members, an imported function, a table of
 * functions, unions and bit-fields. Freestanding: no C library is linked. */

#include <stdbool.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define IMPORT(from, name) __attribute__((import_module(from), import_name(#name)))

typedef struct {
    int64_t first;
    int64_t second;
} pair;

typedef struct {
    uint8_t a;
    int8_t b;
    uint16_t c;
    int16_t d;
    bool e;
    float f;
} narrow;

typedef struct {
    pair ends[2];
    double weight;
} line;

typedef struct {
    unsigned low : 5;
    unsigned high : 11;
    uint32_t rest;
} bits;

typedef union {
    uint32_t whole;
    double real;
} number;

IMPORT("js", get_pair) pair get_pair(int32_t index);
IMPORT("js", get_narrow) narrow get_narrow(void);

static pair last = {1, -1};

EXPORT(make_pair) pair make_pair(int64_t a, int64_t b) {
    last = (pair){a ^ b, a - b};
    return last;
}

EXPORT(make_narrow) narrow make_narrow(uint32_t x) {
    return (narrow){(uint8_t)x, (int8_t)(x >> 1), (uint16_t)(x >> 2), (int16_t)(x >> 3), x & 1, (float)(int32_t)x};
}

EXPORT(make_line) line make_line(int64_t x) {
    return (line){{{x, x + 1}, last}, (double)x * 0.5};
}

EXPORT(make_bits) bits make_bits(uint32_t x) { return (bits){x & 31, (x >> 5) & 2047, ~x}; }

EXPORT(make_number) number make_number(uint32_t x) {
    number n;
    if (x & 1)
        n.whole = x;
    else
        n.real = (double)x;
    return n;
}

EXPORT(use_pair) int64_t use_pair(int32_t index) {
    pair p = get_pair(index);
    return p.first - p.second;
}

EXPORT(use_narrow) int32_t use_narrow(void) {
    narrow n = get_narrow();
    return n.e ? n.a - n.b * 3 + n.c * 5 - n.d * 7 : (int32_t)n.f;
}

EXPORT(forward_pair) pair forward_pair(int32_t index) { return get_pair(index); }

static pair swapped(int32_t x) { return (pair){last.second, last.first + x}; }

static pair (*const makers[])(int32_t) = {get_pair, swapped, forward_pair};

EXPORT(indirect_pair) pair indirect_pair(uint32_t which, int32_t x) { return makers[which % 3](x); }

EXPORT(sum_indirect) int64_t sum_indirect(uint32_t which, int32_t x) {
    pair p = makers[which % 3](x);
    return p.first + 2 * p.second;
}
