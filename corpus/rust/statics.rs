//! Exported statics: each becomes an immutable global that holds an address. No function here returns
//! through a pointer.

#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};

#[no_mangle]
pub static VERSION: u32 = 0x0102_0304;

#[no_mangle]
pub static TITLE: [u8; 8] = *b"statics\0";

#[no_mangle]
pub static mut SETTINGS: [i16; 4] = [1, -2, 3, -4];

#[no_mangle]
pub static HITS: AtomicU32 = AtomicU32::new(0);

static mut ZEROED: [u64; 8] = [0; 8];

#[no_mangle]
pub extern "C" fn hit() -> u32 {
    HITS.fetch_add(1, Ordering::Relaxed)
}

#[no_mangle]
pub extern "C" fn setting(index: u32) -> i16 {
    unsafe { SETTINGS[(index & 3) as usize] }
}

#[no_mangle]
pub extern "C" fn store(index: u32, value: u64) -> u64 {
    let place = unsafe { &mut *core::ptr::addr_of_mut!(ZEROED[(index & 7) as usize]) };
    core::mem::replace(place, value)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
