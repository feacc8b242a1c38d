//! A checked 64-bit multiplication, done in 128 bits by a routine of the compiler's own library. That
//! library was built to return through a pointer, so a build with true multi-values does not validate.

#![no_std]

#[repr(C)]
pub struct Product {
    value: i64,
    fits: bool,
}

#[no_mangle]
pub extern "C" fn product(a: i64, b: i64) -> Product {
    match a.checked_mul(b) {
        Some(value) => Product { value, fits: true },
        None => Product { value: 0, fits: false },
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
