//! The smallest program that shows what a post-processor is for.
//!
//! The pair `(i64, i64)` crosses the border twice: the host's `js.get_two_i64s` is called, and a
//! function of the same name is exported. Compiled, both take a pointer to room for the result and
//! return nothing. `init` is meant to run at instantiation; whether it ran is visible in `is_ready`
//! and in the pair.

#![no_std]
#![allow(improper_ctypes, improper_ctypes_definitions)]

mod host {
    #[link(wasm_import_module = "js")]
    extern "C" {
        #[link_name = "get_two_i64s"]
        pub fn get_two_i64s() -> (i64, i64);
    }
}

static mut FIRST: i64 = -1;
static mut SECOND: i64 = -2;
static mut READY: u32 = 0;

/// Sets up the statics; running it again changes nothing but the count.
#[no_mangle]
pub extern "C" fn init() {
    unsafe {
        FIRST = 0x0123_4567_89AB_CDEF;
        SECOND = -42;
        READY += 1;
    }
}

/// How often `init` ran.
#[no_mangle]
pub extern "C" fn is_ready() -> u32 {
    unsafe { READY }
}

/// `(-1, -2)` before `init`, two unlike numbers after it.
#[export_name = "get_two_i64s"]
pub extern "C" fn own_two_i64s() -> (i64, i64) {
    unsafe { (FIRST, SECOND) }
}

/// The host's two numbers, added.
#[no_mangle]
pub extern "C" fn sum_from_host() -> i64 {
    let (first, second) = unsafe { host::get_two_i64s() };
    first.wrapping_add(second)
}

/// The host's two numbers, subtracted: tells their order apart.
#[no_mangle]
pub extern "C" fn difference_from_host() -> i64 {
    let (first, second) = unsafe { host::get_two_i64s() };
    first.wrapping_sub(second)
}

/// Nothing to rewrite here.
#[no_mangle]
pub extern "C" fn add(left: i32, right: i32) -> i32 {
    left.wrapping_add(right)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
