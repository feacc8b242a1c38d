//! Candidates for a start function: two of the right shape, the others wrong in one way each.

#![no_std]
#![allow(improper_ctypes_definitions)]

#[link(wasm_import_module = "js")]
extern "C" {
    fn ready(count: u32);
}

static mut COUNT: u32 = 0;
static mut ORDER: u32 = 0;

fn step(digit: u32) {
    unsafe {
        COUNT += 1;
        ORDER = ORDER.wrapping_mul(10).wrapping_add(digit);
    }
}

#[no_mangle]
pub extern "C" fn count() -> u32 {
    unsafe { COUNT }
}

/// Which initialisers ran, in decimal digits, first to last.
#[no_mangle]
pub extern "C" fn order() -> u32 {
    unsafe { ORDER }
}

#[no_mangle]
pub extern "C" fn init() {
    step(1);
}

/// Right shape, but calls the host.
#[no_mangle]
pub extern "C" fn init_and_tell() {
    step(2);
    unsafe { ready(COUNT) };
}

#[no_mangle]
pub extern "C" fn init_with_parameter(digit: u32) {
    step(digit % 10);
}

#[no_mangle]
pub extern "C" fn init_with_result() -> u32 {
    step(4);
    unsafe { COUNT }
}

/// Through a pointer: looks like a parameter without a result.
#[no_mangle]
pub extern "C" fn init_with_pair() -> (i64, i64) {
    step(5);
    unsafe { (COUNT as i64, ORDER as i64) }
}

/// Right shape, never succeeds.
#[no_mangle]
pub extern "C" fn init_that_traps() {
    step(6);
    core::arch::wasm32::unreachable()
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
