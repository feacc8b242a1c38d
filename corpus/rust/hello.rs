//! A WASI program: prints its arguments, reads a variable, and ends with the number of arguments.

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    println!("hello, {}", if arguments.is_empty() { "world".to_string() } else { arguments.join(" and ") });
    if let Ok(mood) = std::env::var("MOOD") {
        eprintln!("mood: {mood}");
    }
    std::process::exit(arguments.len() as i32);
}
