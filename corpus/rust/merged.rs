//! Exports with equal bodies: an optimising build keeps one function for several of them, although
//! their declared results differ.

#![no_std]

#[repr(C)]
pub struct Signed {
    a: i8,
    b: i16,
}

#[repr(C)]
pub struct Unsigned {
    a: u8,
    b: u16,
}

#[repr(C)]
pub struct Point {
    x: i64,
    y: i64,
}

#[no_mangle]
pub extern "C" fn signed_pair(x: u32) -> Signed {
    Signed { a: x as i8, b: (x >> 8) as i16 }
}

#[no_mangle]
pub extern "C" fn unsigned_pair(x: u32) -> Unsigned {
    Unsigned { a: x as u8, b: (x >> 8) as u16 }
}

#[no_mangle]
pub extern "C" fn first_name(x: i64) -> Point {
    Point { x: x ^ 5, y: x.wrapping_mul(7) }
}

#[no_mangle]
pub extern "C" fn second_name(x: i64) -> Point {
    Point { x: x ^ 5, y: x.wrapping_mul(7) }
}

/// The same body once more, but its pointer is an ordinary parameter.
#[no_mangle]
pub extern "C" fn not_a_result(point: &mut Point, x: i64) {
    *point = Point { x: x ^ 5, y: x.wrapping_mul(7) };
}

/// Calls one of them, so the shared body has a caller inside as well.
#[no_mangle]
pub extern "C" fn caller(x: i64) -> i64 {
    let (a, b) = (first_name(x), second_name(!x));
    a.x.wrapping_sub(b.y)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
