//! Built with shared, imported memory: the linker adds a start function that fills memory from passive
//! segments, so there is a start section before anybody asks for one.

#![no_std]
#![allow(improper_ctypes_definitions)]

use core::sync::atomic::{AtomicU32, Ordering};

static TICKET: AtomicU32 = AtomicU32::new(100);
static mut SEEN: [u32; 4] = [9, 8, 7, 6];

#[no_mangle]
pub extern "C" fn init() {
    TICKET.store(500, Ordering::SeqCst);
}

#[no_mangle]
pub extern "C" fn take() -> u32 {
    TICKET.fetch_add(1, Ordering::SeqCst)
}

#[no_mangle]
pub extern "C" fn take_two() -> (u32, u64) {
    let first = TICKET.fetch_add(2, Ordering::SeqCst);
    unsafe { SEEN[(first & 3) as usize] = first };
    (first, u64::from(first) + 1)
}

#[no_mangle]
pub extern "C" fn seen(index: u32) -> u32 {
    unsafe { SEEN[(index & 3) as usize] }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
