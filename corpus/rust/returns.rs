//! One export for every shape of result: scalars, structs, tuples, arrays, 128-bit integers, nested,
//! packed and over-aligned structs, options and enums whose payload is not always written.
//!
//! Every member is computed from the argument, so that no two members are equal by accident.

#![no_std]
#![allow(improper_ctypes_definitions)]

use core::mem::MaybeUninit;
use core::num::NonZeroU32;

// Scalars: returned directly. Narrow ones arrive extended to 32 bits.

#[no_mangle]
pub extern "C" fn one_bool(x: u32) -> bool {
    x % 3 == 1
}

#[no_mangle]
pub extern "C" fn one_char(x: u32) -> char {
    char::from_u32(x % 0xD800).unwrap_or('?')
}

#[no_mangle]
pub extern "C" fn one_u8(x: u32) -> u8 {
    (x >> 3) as u8
}

#[no_mangle]
pub extern "C" fn one_i8(x: u32) -> i8 {
    (x >> 3) as i8
}

#[no_mangle]
pub extern "C" fn one_u16(x: u32) -> u16 {
    (x >> 3) as u16
}

#[no_mangle]
pub extern "C" fn one_i16(x: u32) -> i16 {
    (x >> 3) as i16
}

#[no_mangle]
pub extern "C" fn one_u32(x: u32) -> u32 {
    x.rotate_left(7)
}

#[no_mangle]
pub extern "C" fn one_u64(x: u64) -> u64 {
    x.rotate_left(7)
}

#[no_mangle]
pub extern "C" fn one_f32(x: f32) -> f32 {
    x * 0.5
}

#[no_mangle]
pub extern "C" fn one_f64(x: f64) -> f64 {
    x * 0.5
}

#[no_mangle]
pub extern "C" fn one_unit() {}

#[no_mangle]
pub extern "C" fn one_nonzero(x: u32) -> Option<NonZeroU32> {
    NonZeroU32::new(x >> 1)
}

/// A struct of a single member is a scalar too, but a narrow member may arrive unmasked.
#[repr(C)]
pub struct Single {
    value: u8,
}

#[no_mangle]
pub extern "C" fn struct_single(x: u32) -> Single {
    Single { value: (x >> 2) as u8 }
}

#[no_mangle]
pub extern "C" fn array_single(x: u32) -> [u32; 1] {
    [x ^ 0x55]
}

// Everything below is returned through a pointer.

#[no_mangle]
pub extern "C" fn wide_u128(x: u64, y: u64) -> u128 {
    u128::from(x) << 64 | u128::from(y)
}

#[no_mangle]
pub extern "C" fn wide_i128(x: i64) -> i128 {
    i128::from(x) << 3
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Signed {
    tiny: i8,
    small: i16,
    wide: i32,
    huge: i64,
}

#[no_mangle]
pub extern "C" fn struct_signed(x: i64) -> Signed {
    Signed { tiny: x as i8, small: (x >> 8) as i16, wide: (x >> 16) as i32, huge: x ^ 0x7777 }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Unsigned {
    tiny: u8,
    small: u16,
    wide: u32,
    huge: u64,
}

#[no_mangle]
pub extern "C" fn struct_unsigned(x: u64) -> Unsigned {
    Unsigned { tiny: x as u8, small: (x >> 8) as u16, wide: (x >> 16) as u32, huge: x ^ 0x7777 }
}

#[repr(C)]
pub struct Words {
    flag: bool,
    letter: char,
    other: bool,
}

#[no_mangle]
pub extern "C" fn struct_bool_char(x: u32) -> Words {
    Words { flag: x & 1 == 1, letter: char::from_u32(x % 0x800).unwrap_or('?'), other: x & 2 == 2 }
}

#[repr(C)]
pub struct Floats {
    single: f32,
    double: f64,
    whole: i32,
}

#[no_mangle]
pub extern "C" fn struct_floats(x: f64) -> Floats {
    Floats { single: x as f32, double: x * 2.0, whole: x as i32 }
}

/// Constants let the compiler join stores and write floats as integers.
#[no_mangle]
pub extern "C" fn struct_constant() -> Floats {
    Floats { single: 0.0, double: 0.0, whole: 7 }
}

#[repr(C)]
pub struct Pair32 {
    low: u32,
    high: u32,
}

/// Optimised, this is one 64-bit store.
#[no_mangle]
pub extern "C" fn struct_halves(x: u64) -> Pair32 {
    Pair32 { low: x as u32, high: (x >> 32) as u32 }
}

/// Its last eight bytes are padding and one byte of data.
#[repr(C)]
pub struct Tail {
    body: u64,
    end: u8,
}

#[no_mangle]
pub extern "C" fn struct_tail(x: u64) -> Tail {
    Tail { body: x.wrapping_mul(3), end: x as u8 }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Inner {
    key: u16,
    value: u64,
}

#[repr(C)]
pub struct Outer {
    id: u32,
    inner: Inner,
    list: [i16; 3],
}

#[no_mangle]
pub extern "C" fn struct_nested(x: u64) -> Outer {
    let n = x as i16;
    Outer {
        id: x as u32,
        inner: Inner { key: (x >> 1) as u16, value: x ^ 1 },
        list: [n, n.wrapping_add(1), n.wrapping_sub(7)],
    }
}

#[repr(C, packed)]
pub struct Packed {
    head: u8,
    middle: u32,
    tail: i64,
}

#[no_mangle]
pub extern "C" fn struct_packed(x: u32) -> Packed {
    Packed { head: x as u8, middle: x ^ 9, tail: -i64::from(x) }
}

#[repr(C, align(16))]
pub struct Aligned16 {
    value: u32,
    more: u8,
}

#[no_mangle]
pub extern "C" fn struct_align16(x: u32) -> Aligned16 {
    Aligned16 { value: x, more: (x >> 4) as u8 }
}

#[repr(C, align(32))]
pub struct Aligned32 {
    value: u64,
    more: i16,
}

#[no_mangle]
pub extern "C" fn struct_align32(x: u64) -> Aligned32 {
    Aligned32 { value: x, more: (x >> 4) as i16 }
}

#[no_mangle]
pub extern "C" fn text() -> &'static str {
    "borrowed"
}

// Tuples lie in memory in an order of the compiler's choosing.

#[no_mangle]
pub extern "C" fn tuple_i64_i64(x: i64, y: i64) -> (i64, i64) {
    (y, x)
}

#[no_mangle]
pub extern "C" fn tuple_mixed(x: i64) -> (i32, i64, f32, f64) {
    (x as i32, !x, x as f32, x as f64 * 0.25)
}

#[no_mangle]
pub extern "C" fn tuple_narrow(x: u32) -> (u8, u16, u32) {
    (x as u8, (x >> 4) as u16, !x)
}

#[no_mangle]
pub extern "C" fn tuple_u8_u64(x: u64) -> (u8, u64, i8) {
    ((x >> 1) as u8, x, (x >> 2) as i8)
}

#[no_mangle]
pub extern "C" fn tuple_nested(x: u32) -> (u8, (u16, u32), bool) {
    (x as u8, ((x >> 2) as u16, !x), x & 4 == 4)
}

#[no_mangle]
pub extern "C" fn array_u32(x: u32) -> [u32; 4] {
    [x, x ^ 1, !x, x.rotate_left(9)]
}

#[no_mangle]
pub extern "C" fn array_i8(x: u32) -> [i8; 3] {
    [x as i8, (x >> 8) as i8, (x >> 16) as i8]
}

#[no_mangle]
pub extern "C" fn array_of_pairs(x: u32) -> [(u8, u32); 2] {
    [(x as u8, x), ((x >> 8) as u8, !x)]
}

// Results with bytes that are not written on every path.

#[no_mangle]
pub extern "C" fn option_u32(x: u32) -> Option<u32> {
    if x & 1 == 1 { Some(x >> 1) } else { None }
}

#[no_mangle]
pub extern "C" fn option_i64(x: i64) -> Option<i64> {
    if x < 0 { None } else { Some(-x) }
}

#[repr(C)]
pub enum Tagged {
    Nothing,
    Whole(u32),
    Real { value: f64 },
}

#[no_mangle]
pub extern "C" fn enum_payload(x: u32) -> Tagged {
    match x % 3 {
        0 => Tagged::Nothing,
        1 => Tagged::Whole(x),
        _ => Tagged::Real { value: f64::from(x) },
    }
}

#[repr(C)]
pub struct Partly {
    count: u32,
    rest: MaybeUninit<u64>,
}

#[no_mangle]
pub extern "C" fn maybe_uninit(x: u32) -> Partly {
    Partly { count: x, rest: MaybeUninit::uninit() }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
