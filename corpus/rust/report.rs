//! A crate that uses the whole standard library: a hash map, sorting, formatting, strings and panics.

use std::collections::HashMap;
use std::fmt::Write;

#[link(wasm_import_module = "js")]
extern "C" {
    fn print(text: *const u8, len: usize);
}

#[repr(C)]
pub struct Summary {
    words: u32,
    longest: u16,
    mean: f64,
}

fn count(text: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    counts
}

/// Room for the host to write a text into.
#[no_mangle]
pub extern "C" fn reserve(len: usize) -> *mut u8 {
    Box::leak(vec![0u8; len].into_boxed_slice()).as_mut_ptr()
}

/// # Safety
/// `text` and `len` describe initialised bytes.
#[no_mangle]
pub unsafe extern "C" fn report(text: *const u8, len: usize) -> Summary {
    let bytes = unsafe { std::slice::from_raw_parts(text, len) };
    let text = String::from_utf8_lossy(bytes);
    let counts = count(&text);
    let mut lines: Vec<_> = counts.iter().collect();
    lines.sort();
    let mut out = String::new();
    for (word, n) in &lines {
        let _ = writeln!(out, "{word}: {n}");
    }
    unsafe { print(out.as_ptr(), out.len()) };
    let letters: usize = lines.iter().map(|(word, n)| word.chars().count() * **n).sum();
    let words: usize = lines.iter().map(|(_, n)| **n).sum();
    Summary {
        words: words as u32,
        longest: lines.iter().map(|(word, _)| word.len()).max().unwrap_or(0) as u16,
        mean: letters as f64 / words as f64,
    }
}
