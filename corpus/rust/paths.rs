//! The ways a return pointer takes through a body: branches, copies, loops, callees, tables, recursion,
//! traps. At the end, functions that only look as if they returned through a pointer.

#![no_std]
#![allow(improper_ctypes_definitions)]

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Point {
    x: i64,
    y: i64,
}

/// 32 bytes, 10 of them padding.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Record {
    id: u32,
    place: Point,
    weight: f32,
    kind: i16,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Block {
    words: [u64; 12],
}

const EMPTY: Record = Record { id: 0, place: Point { x: 0, y: 0 }, weight: 0.0, kind: 0 };
static mut LAST: Record = Record { id: 3, place: Point { x: -5, y: 6 }, weight: 1.5, kind: -2 };
static mut TABLE: [Record; 4] = [EMPTY; 4];
static mut BLOCK: Block = Block { words: [0x1111; 12] };

#[no_mangle]
pub extern "C" fn remember(id: u32, x: i64, y: i64, weight: f32, kind: i16) {
    unsafe {
        LAST = Record { id, place: Point { x, y }, weight, kind };
        TABLE[(id % 4) as usize] = LAST;
        BLOCK.words[(id % 12) as usize] = x as u64;
    }
}

/// A copy of a whole struct, padding included: looks like four 64-bit members.
#[no_mangle]
pub extern "C" fn copy_record() -> Record {
    unsafe { LAST }
}

#[no_mangle]
pub extern "C" fn copy_row(index: u32) -> Record {
    unsafe { TABLE[(index & 3) as usize] }
}

#[no_mangle]
pub extern "C" fn copy_block() -> Block {
    unsafe { BLOCK }
}

#[no_mangle]
pub extern "C" fn zeroed() -> Block {
    Block { words: [0; 12] }
}

#[no_mangle]
pub extern "C" fn looped(seed: u64) -> Block {
    let mut block = Block { words: [0; 12] };
    let mut state = seed;
    for word in block.words.iter_mut() {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        *word = state;
    }
    block
}

#[no_mangle]
pub extern "C" fn branches(x: i64) -> Record {
    if x < 0 {
        return Record { id: 1, place: Point { x: -x, y: x }, weight: 0.0, kind: -1 };
    }
    match x % 4 {
        0 => EMPTY,
        1 => Record { id: x as u32, place: make(x, 1), weight: x as f32, kind: 5 },
        2 => unsafe { LAST },
        _ => Record { id: 7, place: Point { x, y: x }, weight: 0.5, kind: x as i16 },
    }
}

#[no_mangle]
pub extern "C" fn dynamic_index(index: u32, value: u32) -> [u32; 4] {
    let mut result = [1, 2, 3, 4];
    result[(index & 3) as usize] = value;
    result
}

#[inline(never)]
extern "C" fn make(x: i64, step: i64) -> Point {
    Point { x: x.wrapping_mul(step), y: x.wrapping_sub(step) }
}

#[inline(never)]
extern "C" fn mirror(x: i64, step: i64) -> Point {
    Point { x: step ^ !x, y: x }
}

/// The pointer goes straight on to a callee.
#[no_mangle]
pub extern "C" fn pass_on(x: i64) -> Point {
    make(x, 3)
}

/// The callee's result is read back and changed.
#[no_mangle]
pub extern "C" fn pass_on_and_patch(x: i64) -> Point {
    let mut point = make(x, 5);
    point.y ^= point.x;
    point
}

#[no_mangle]
pub extern "C" fn sometimes(x: i64) -> Point {
    if x > 10 { make(x, 2) } else { Point { x: 1, y: x } }
}

static SHAPES: [extern "C" fn(i64, i64) -> Point; 2] = [make, mirror];

/// The callee stands in the table.
#[no_mangle]
pub extern "C" fn indirect(which: u32, x: i64) -> Point {
    SHAPES[(which & 1) as usize](x, 11)
}

/// An exported function that is called from inside and by itself.
#[no_mangle]
pub extern "C" fn recurse(depth: u32, x: i64) -> Point {
    if depth == 0 || depth > 40 {
        return Point { x, y: 0 };
    }
    let below = recurse(depth - 1, x.wrapping_add(1));
    Point { x: below.y.wrapping_add(x), y: below.x ^ i64::from(depth) }
}

#[no_mangle]
pub extern "C" fn sum_of_recursion(depth: u32) -> i64 {
    let point = recurse(depth, 9);
    point.x.wrapping_add(point.y)
}

/// Traps on the way: nothing is written when it does.
#[no_mangle]
pub extern "C" fn divides(a: i64, b: i64) -> Point {
    Point { x: a / b, y: a % b }
}

/// Never returns.
#[no_mangle]
pub extern "C" fn diverges(x: i64) -> Point {
    if x == x.wrapping_add(1) {
        return Point { x, y: x };
    }
    core::arch::wasm32::unreachable()
}

// From outside, the rest cannot be told apart from the above.

#[no_mangle]
pub extern "C" fn decoy_out(point: &mut Point, x: i64) {
    point.x = x;
    point.y = !x;
}

#[no_mangle]
pub extern "C" fn decoy_in_out(point: &mut Point, x: i64) {
    point.x = point.x.wrapping_add(x);
    point.y = point.y.wrapping_sub(x);
}

#[no_mangle]
pub extern "C" fn decoy_number(x: u32) {
    unsafe { LAST.id = x };
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
