//! 128-bit integers inside other types. Old compilers align them to 8 bytes, new ones to 16, so the same
//! declaration has two layouts.

#![no_std]
#![allow(improper_ctypes, improper_ctypes_definitions)]

#[repr(C)]
pub struct Holder {
    tag: u8,
    value: u128,
}

#[link(wasm_import_module = "js")]
extern "C" {
    fn holder(x: u64) -> Holder;
}

#[no_mangle]
pub extern "C" fn struct_holder(x: u64) -> Holder {
    Holder { tag: x as u8, value: u128::from(x) << 32 }
}

#[no_mangle]
pub extern "C" fn tuple_wide(x: u64) -> (u32, i128) {
    (x as u32, -i128::from(x))
}

#[no_mangle]
pub extern "C" fn array_wide(x: u64) -> [u128; 2] {
    [u128::from(x), !u128::from(x)]
}

#[no_mangle]
pub extern "C" fn wide_argument(x: u128) -> u128 {
    x.rotate_left(64)
}

#[no_mangle]
pub extern "C" fn use_holder(x: u64) -> u64 {
    let h = unsafe { holder(x) };
    (h.value >> 64) as u64 ^ h.value as u64 ^ u64::from(h.tag)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
