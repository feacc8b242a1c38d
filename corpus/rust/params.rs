//! Return pointers beside other parameters: many scalars, narrow ones, references, slices, structs by
//! value, methods, the Rust calling convention, and export names that are no identifiers.

#![no_std]
#![allow(improper_ctypes_definitions)]

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Point {
    x: i64,
    y: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Mark {
    kind: u8,
    value: u32,
}

#[no_mangle]
pub extern "C" fn scalars(a: i32, b: i64, c: f32, d: f64) -> Point {
    Point { x: b.wrapping_add(i64::from(a)), y: c as i64 ^ d as i64 }
}

#[no_mangle]
pub extern "C" fn narrow(a: u8, b: i8, c: u16, d: i16, e: bool, f: char) -> Mark {
    let sum = u32::from(a).wrapping_add(b as u32).wrapping_add(u32::from(c)).wrapping_add(d as u32);
    Mark { kind: a ^ u8::from(e), value: sum ^ f as u32 }
}

#[no_mangle]
pub extern "C" fn many(a: i64, b: i64, c: i64, d: i64, e: i32, f: i32, g: f32, h: f64) -> Point {
    Point { x: a ^ b ^ i64::from(e), y: c.wrapping_sub(d) ^ i64::from(f) ^ g as i64 ^ h as i64 }
}

#[no_mangle]
pub extern "C" fn by_reference(point: &Point, factor: i64) -> Point {
    Point { x: point.x.wrapping_add(factor), y: point.y.wrapping_sub(factor) }
}

#[no_mangle]
pub unsafe extern "C" fn from_slice(data: *const u8, len: usize) -> Mark {
    let mut mark = Mark { kind: 0, value: 0 };
    let mut i = 0;
    while i < len {
        let byte = *data.add(i);
        mark.kind ^= byte;
        mark.value = mark.value.rotate_left(5) ^ u32::from(byte);
        i += 1;
    }
    mark
}

#[no_mangle]
pub extern "C" fn wide(a: u128, b: u64) -> u128 {
    a ^ u128::from(b) << 17
}

/// A struct argument: exploded into scalars by old compilers, a second pointer in new ones.
#[no_mangle]
pub extern "C" fn by_value(point: Point, extra: u32) -> Mark {
    Mark { kind: point.x as u8, value: point.y as u32 ^ extra }
}

#[no_mangle]
pub extern "C" fn tuple_first(a: u8, b: f64) -> (u8, f64) {
    (a.wrapping_add(1), -b)
}

impl Point {
    #[no_mangle]
    pub extern "C" fn point_swapped(&self) -> Point {
        Point { x: self.y, y: self.x }
    }

    #[no_mangle]
    pub extern "C" fn point_moved(&mut self, by: i64) -> (i64, i64) {
        self.x = self.x.wrapping_add(by);
        self.y = self.y.wrapping_sub(by);
        (self.x, self.y)
    }
}

/// The forgotten `extern "C"`.
#[no_mangle]
pub fn rust_abi_pair(x: i64) -> (i64, i64) {
    (x, !x)
}

#[no_mangle]
pub fn rust_abi_array(x: u64) -> [u64; 4] {
    [x, !x, x << 1, x >> 1]
}

#[export_name = "geometry.point/ü"]
pub extern "C" fn odd_name(x: i64) -> Point {
    Point { x, y: x ^ 0xFF }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
