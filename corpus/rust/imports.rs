//! Imported functions that return through pointers, and callers of every kind: members used at once or
//! in part, results passed straight on, the same import from two places, imports as function values.

#![no_std]
#![allow(improper_ctypes, improper_ctypes_definitions)]

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Point {
    x: i64,
    y: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Narrow {
    a: u8,
    b: i8,
    c: u16,
    d: i16,
    e: bool,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Reading {
    at: f64,
    value: f32,
    valid: bool,
}

#[link(wasm_import_module = "js")]
extern "C" {
    fn point() -> Point;
    fn point_at(index: u32, scale: i64) -> Point;
    fn narrow(seed: u32) -> Narrow;
    fn wide() -> u128;
    fn quad() -> [u32; 4];
    fn triple(seed: u32) -> (u8, u16, u32);
    fn shape_a(x: u32) -> Point;
    fn shape_b(x: u32) -> Point;
    fn log(code: i32);
    fn now() -> f64;
}

#[link(wasm_import_module = "sensor.v2")]
extern "C" {
    /// The same field name in another module, with another result.
    #[link_name = "point"]
    fn sensor_point() -> Reading;
}

// No module given: the compiler says "env".
extern "C" {
    fn env_pair(x: i32) -> (i32, i32);
    fn env_plain(x: i32) -> i32;
}

#[no_mangle]
pub extern "C" fn use_point() -> i64 {
    let p = unsafe { point() };
    p.x.wrapping_sub(p.y)
}

#[no_mangle]
pub extern "C" fn use_point_twice(x: i64) -> i64 {
    let (p, q) = unsafe { (point(), point_at(7, x)) };
    p.x ^ q.y ^ unsafe { point() }.y
}

/// Loads narrow members, signed and unsigned.
#[no_mangle]
pub extern "C" fn use_narrow(seed: u32) -> i64 {
    let n = unsafe { narrow(seed) };
    let small = i64::from(n.a) - i64::from(n.b) * 3 + i64::from(n.c) * 5 - i64::from(n.d) * 7;
    if n.e { small } else { !small }
}

/// Looks at one half only.
#[no_mangle]
pub extern "C" fn use_wide() -> u64 {
    unsafe { (wide() >> 64) as u64 }
}

#[no_mangle]
pub extern "C" fn use_quad(index: u32) -> u32 {
    unsafe { quad()[(index & 3) as usize] }
}

#[no_mangle]
pub extern "C" fn use_triple(seed: u32) -> u32 {
    let (a, b, c) = unsafe { triple(seed) };
    u32::from(a).wrapping_mul(31).wrapping_add(u32::from(b)) ^ c
}

#[no_mangle]
pub extern "C" fn use_sensor() -> f64 {
    let r = unsafe { sensor_point() };
    if r.valid { r.at + f64::from(r.value) } else { -1.0 }
}

#[no_mangle]
pub extern "C" fn use_env(x: i32) -> i32 {
    let (a, b) = unsafe { env_pair(x) };
    a.wrapping_mul(2).wrapping_sub(b) ^ unsafe { env_plain(x) }
}

/// Its own result pointer is handed to the host.
#[no_mangle]
pub extern "C" fn forward_point() -> Point {
    unsafe { point() }
}

#[no_mangle]
pub extern "C" fn forward_point_at(index: u32, scale: i64) -> Point {
    unsafe { point_at(index, scale) }
}

#[no_mangle]
pub extern "C" fn forward_and_patch() -> Point {
    let mut p = unsafe { point() };
    p.y = p.y.wrapping_add(p.x);
    p
}

/// Tail position without a result.
#[no_mangle]
pub extern "C" fn forward_log(code: i32) {
    unsafe { log(code) }
}

static SHAPES: [unsafe extern "C" fn(u32) -> Point; 3] = [shape_a, shape_b, local_shape];

unsafe extern "C" fn local_shape(x: u32) -> Point {
    Point { x: i64::from(x), y: now() as i64 }
}

/// Imports as values in the table.
#[no_mangle]
pub extern "C" fn use_shape(which: u32, x: u32) -> i64 {
    let p = unsafe { SHAPES[(which % 3) as usize](x) };
    p.x.wrapping_mul(3) ^ p.y
}

/// Imports as values that leave the module.
#[no_mangle]
pub extern "C" fn shape_value(other: bool) -> unsafe extern "C" fn(u32) -> Point {
    if other { shape_b } else { shape_a }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
