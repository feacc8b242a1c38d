from __future__ import annotations

from wasmrewrite.codec.stream import Sink, Window


def test_a_window_tells_absolute_positions() -> None:
    window = Window(b"abcdefgh", 2, 6)
    assert window.tell() == 2
    assert window.read(3) == b"cde"
    assert window.tell() == 5
    assert window.read(3) == b"f"
    assert window.read(1) == b""


def test_a_window_reads_to_its_end_not_the_buffers() -> None:
    assert Window(memoryview(b"abcdefgh"), 2, 6).read() == b"cdef"


def test_a_sink_knows_what_spans_mean() -> None:
    sink = Sink(b"abcdef")
    assert bytes(sink.content((1, 3))) == b"bc"
    assert bytes(sink.expression((1, 3))) == b"bc"
    assert sink.content(b"new") == b"new"


def test_a_sink_may_rewrite_expressions() -> None:
    sink = Sink(b"abcdef", lambda span: b"<%d>" % span[0])
    assert sink.expression((1, 3)) == b"<1>"
    assert sink.expression(b"new") == b"new"
    assert bytes(sink.content((1, 3))) == b"bc"
    sink.write(b"a")
    sink.write(memoryview(b"bc"))
    assert sink.getvalue() == b"abc"
