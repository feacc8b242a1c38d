#!/bin/bash
# rust-toolchain.sh PREFIX: the compilers that build corpus/, unpacked under PREFIX.
#
#   PREFIX/bin/rustc-1.96, wasm-ld-1.96   a recent rustc with the standard library for wasm32-unknown-unknown
#                                         and wasm32-wasip1, built from the distribution's own library sources
#   PREFIX/bin/rustc-1.63, wasm-ld-1.63   an old rustc that still returns true multi-values when asked to
#   PREFIX/bin/clang                      clang 14, for the C modules
#
# Needs a Debian 12 system with its package lists. Packages are downloaded and unpacked, never installed, so two
# versions of rustc stand side by side and the system stays as it is; only a missing host C compiler is installed,
# since the build scripts of the standard library need one. Finished stages leave a stamp: running again does what is
# missing. About four minutes and 3 GB; the result may be moved.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: rust-toolchain.sh PREFIX" >&2; exit 2; }
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
new=$prefix/new old=$prefix/old bin=$prefix/bin stamps=$prefix/stamps
libs=usr/lib/$(uname -m)-linux-gnu
modern=1.96
mkdir -p "$bin" "$stamps" "$prefix/debs"

say() { printf '== %s\n' "$*" >&2; }

# newest PACKAGE START: the newest version of a package that begins with START
newest() {
  apt-cache madison "$1" | awk -v start="$2" '!found && index($3, start) == 1 { print $3; found = 1 }'
}

# unpack DIR PACKAGE[=VERSION]...
unpack() {
  local dir=$1 spec stamp
  shift
  for spec in "$@"; do
    stamp=$stamps/$(basename "$dir")-$(printf %s "$spec" | tr -c 'A-Za-z0-9.-' _)
    [ -e "$stamp" ] && continue
    say "$spec"
    rm -f "$prefix"/debs/*
    (cd "$prefix/debs" && apt-get download -qq "$spec" 2>&1 | { grep -v unsandboxed >&2 || true; })
    mkdir -p "$dir"
    dpkg -x "$prefix"/debs/*.deb "$dir"
    rm -f "$prefix"/debs/*
    # Some packages still use /lib, which the system merges with /usr/lib.
    [ ! -d "$dir/lib" ] || cp -an "$dir/lib/." "$dir/usr/lib/"
    : > "$stamp"
  done
}

# package_of SONAME: the package of a shared library, by the distribution's naming rule where it holds
package_of() {
  local stem version candidate
  case $1 in
    libz.so.1) echo zlib1g; return ;;
    libicu*) echo "libicu${1##*.so.}"; return ;;
  esac
  stem=$(printf %s "${1%%.so.*}" | tr _ -) version=${1##*.so.}
  for candidate in "$stem$version" "$stem-$version" "$stem"; do
    if apt-cache show "$candidate" > /dev/null 2>&1; then echo "$candidate"; return; fi
  done
  say "no package known for $1"
  return 1
}

# add_libraries DIR FILE...: unpack what FILEs need and neither DIR nor the system has
add_libraries() {
  local dir=$1 missing name
  shift
  while :; do
    missing=$(for name in "$@"; do LD_LIBRARY_PATH=$dir/$libs ldd "$name"; done |
      awk '/not found/ { print $1 }' | sort -u)
    [ -n "$missing" ] || return 0
    for name in $missing; do unpack "$dir" "$(package_of "$name")"; done
  done
}

# launcher NAME DIR FILE: PREFIX/bin/NAME finds its libraries wherever PREFIX lies
launcher() {
  cat > "$bin/$1" <<LAUNCHER
#!/bin/sh
top=\$(cd "\$(dirname "\$(readlink -f "\$0")")/.." && pwd)
LD_LIBRARY_PATH="\$top/$2/$libs" exec "\$top/$2/$3" "\$@"
LAUNCHER
  chmod +x "$bin/$1"
}

old_rust_and_clang() {
  local version
  version=$(newest rustc 1.63.)
  unpack "$old" "rustc=$version" libstd-rust-1.63 "libstd-rust-dev=$version" "libstd-rust-dev-wasm32=$version" \
    libllvm14 lld-14 clang-14 libclang-cpp14 libclang-common-14-dev
  add_libraries "$old" "$old/usr/bin/rustc" "$old/$libs"/librustc_driver-*.so "$old/usr/lib/llvm-14/bin/lld" \
    "$old/usr/lib/llvm-14/bin/clang"
  launcher rustc-1.63 old usr/bin/rustc
  launcher wasm-ld-1.63 old usr/lib/llvm-14/bin/wasm-ld
  launcher clang old usr/lib/llvm-14/bin/clang
}

new_rust() {
  local version llvm
  version=$(newest rustc-web "$modern.")
  [ -n "$version" ] || { say "rustc-web $modern is not in the package lists"; return 1; }
  llvm=$(apt-cache depends "libstd-rust-web-$modern=$version" |
    sed -n 's/.*Depends: libllvm\([0-9]*\).*/\1/p' | head -n 1)
  unpack "$new" "rustc-web=$version" "cargo-web=$version" "libstd-rust-web-$modern=$version" \
    "libstd-rust-web-dev=$version" "rust-web-src=$version" "libllvm$llvm" "lld-$llvm" wasi-libc
  ln -sfn "llvm-$llvm" "$new/usr/lib/llvm"
  add_libraries "$new" "$new/usr/bin/rustc" "$new/usr/bin/cargo" "$new/$libs"/librustc_driver-*.so \
    "$new/usr/lib/llvm/bin/lld"
  launcher "rustc-$modern" new usr/bin/rustc
  launcher "wasm-ld-$modern" new usr/lib/llvm/bin/wasm-ld
}

# standard_library TARGET: build core, alloc and std, and put them where rustc looks for them
standard_library() {
  local target=$1 work=$prefix/work source out flags place
  out=$new/usr/lib/rustlib/$target/lib
  [ ! -e "$stamps/std-$target" ] || return 0
  say "building the standard library for $target"
  rm -rf "$work" "$out"
  mkdir -p "$work/src" "$work/home" "$out"
  source=$(readlink -f "$new/usr/lib/rustlib/src/rust")
  # Every crate that the standard library needs lies beside its sources: cargo must look there, not outside.
  cat > "$work/home/config.toml" <<CONFIG
[source.crates-io]
replace-with = "beside"
[source.beside]
directory = "$source/library/vendor"
[net]
offline = true
CONFIG
  # Crate hashes depend on paths relative to the workspace: with its root at PREFIX they are the same everywhere.
  printf '[workspace]\nmembers = ["work"]\nresolver = "2"\n[profile.release]\ndebug = 0\ncodegen-units = 1\n' \
    > "$prefix/Cargo.toml"
  printf '[package]\nname = "nothing"\nversion = "0.0.0"\nedition = "2021"\n' > "$work/Cargo.toml"
  printf '#![no_std]\n' > "$work/src/lib.rs"
  # The standard library's paths end up in panic messages: give it the same place everywhere. Cargo names them
  # relative to the workspace, the compiler in full.
  flags="-Cembed-bitcode=yes --remap-path-prefix=$work=work"
  for place in "$source" "$new/usr/lib/rustlib/src/rust" "${new##*/}/usr/lib/rustlib/src/rust"; do
    flags="$flags --remap-path-prefix=$place=rust"
  done
  (cd "$work" && LD_LIBRARY_PATH=$new/$libs RUSTC=$new/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_HOME=$work/home \
    PATH=$new/usr/lib/llvm/bin:$PATH CARGO_TARGET_DIR=$work/target RUSTFLAGS=$flags \
    "$new/usr/bin/cargo" build -q -j "${JOBS:-$(nproc)}" --release --target "$target" -Zbuild-std=std,panic_abort)
  cp "$work/target/$target"/release/deps/*.rlib "$out/"
  rm -rf "$out"/libnothing-*.rlib "$work" "$prefix/Cargo.toml" "$prefix/Cargo.lock"
  : > "$stamps/std-$target"
}

wasi_objects() {
  local out=$new/usr/lib/rustlib/wasm32-wasip1/lib/self-contained
  mkdir -p "$out"
  ln -sfr "$new/usr/lib/wasm32-wasi/"{libc.a,crt1-command.o,crt1-reactor.o} "$out/"
}

apt-get update -qq || say "the package lists could not be renewed: going on with those there are"
command -v cc > /dev/null || apt-get install -y -qq --no-install-recommends gcc libc6-dev
old_rust_and_clang
new_rust
standard_library wasm32-unknown-unknown
standard_library wasm32-wasip1
wasi_objects
say "done"
