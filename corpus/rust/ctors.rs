//! Static constructors. Linked plainly, every export becomes a wrapper that runs them on each call;
//! with `__wasm_call_ctors` exported they run when the host says so.

#![no_std]
#![allow(improper_ctypes_definitions)]

static mut RUNS: u32 = 0;

extern "C" fn construct() {
    unsafe { RUNS += 1 };
}

#[used]
#[link_section = ".init_array"]
static CONSTRUCTOR: extern "C" fn() = construct;

#[no_mangle]
pub extern "C" fn runs() -> u32 {
    unsafe { RUNS }
}

#[no_mangle]
pub extern "C" fn runs_and_square() -> (u32, u64) {
    unsafe { (RUNS, RUNS as u64 * RUNS as u64) }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
