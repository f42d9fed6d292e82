"""Inner products of a few queries with very many int8 vectors, at the speed of the processor's integer units.

numpy has no integer matrix kernel; ONNX Runtime, which the core has anyway, does (MatMulIntegerToFloat: integer sums,
then one factor per column, in one pass). The graph is one node, so it is written here byte by byte in protobuf's wire
format instead of depending on the package `onnx`.
"""

from collections.abc import Iterable

import numpy as np
import onnxruntime
from numpy.typing import NDArray

_FLOAT, _UINT8, _INT8 = 1, 2, 3  # onnx.TensorProto.DataType
_DOMAIN = "com.microsoft"  # ONNX Runtime's own operators, part of every build
# Where a processor lacks VNNI, ONNX Runtime adds two uint8 x int8 products in 16 bits; 2 * 127 * 127 still fits, so
# queries keep to 7 bits (zero point 64) and the sums are exact everywhere.
_ZERO, _QUERY_MAX, _CODE_MAX = 64, 63, 127


def quantise(vectors: NDArray[np.floating]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(n, d) vectors as int8 codes and one scale per vector: vector = scale * codes, to within half a step."""
    scale = (np.abs(vectors).max(axis=1, initial=0) / _CODE_MAX).astype(np.float32)
    codes = np.rint(vectors / np.where(scale > 0, scale, 1)[:, None])
    return codes.astype(np.int8), scale


class Int8Matrix:
    """An (n, d) matrix of int8 codes that is multiplied by queries.

    Args:
        codes: (n, d) int8, between -127 and 127.
        scales: (n,) what one step is worth in each row.
        threads: threads of one product.
    """

    def __init__(self, codes: NDArray[np.int8], scales: NDArray[np.float32], threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _graph(np.ascontiguousarray(codes.T), np.asarray(scales, np.float32)),
            options,
            providers=["CPUExecutionProvider"],
        )

    def products(self, queries: NDArray[np.floating]) -> NDArray[np.float32]:
        """Inner products of (m, d) float queries with all rows: (m, n) float32. Queries are rounded to 7 bits."""
        step = (np.abs(queries).max(axis=1, initial=0) / _QUERY_MAX).astype(np.float32)
        codes = np.rint(queries / np.where(step > 0, step, 1)[:, None]) + _ZERO
        out: NDArray[np.float32] = self._session.run(None, {"q": codes.astype(np.uint8)})[0]
        out *= step[:, None]
        return out


def _graph(columns: NDArray[np.int8], scales: NDArray[np.float32]) -> bytes:
    """ModelProto of y = MatMulIntegerToFloat(q, columns, 1, scales, zero point of q)."""
    d, n = columns.shape
    inputs = (_text(1, name) for name in ("q", "b", "one", "scales", "zero"))
    node = _join(*inputs, _text(2, "y"), _text(4, "MatMulIntegerToFloat"), _text(7, _DOMAIN))
    weights = _join(_number(1, d), _number(1, n), _number(2, _INT8), _text(8, "b"), _bytes(9, columns.tobytes()))
    one = _join(_number(2, _FLOAT), _text(8, "one"), _bytes(9, np.float32(1).tobytes()))
    factors = _join(_number(1, n), _number(2, _FLOAT), _text(8, "scales"), _bytes(9, scales.tobytes()))
    zero = _join(_number(2, _UINT8), _text(8, "zero"), _bytes(9, bytes([_ZERO])))
    graph = _join(
        _bytes(1, node),
        _text(2, "products"),
        *(_bytes(5, constant) for constant in (weights, one, factors, zero)),
        _bytes(11, _value("q", _UINT8, d)),
        _bytes(12, _value("y", _FLOAT, n)),
    )
    opsets = (_bytes(8, _join(_text(1, domain), _number(2, version))) for domain, version in (("", 13), (_DOMAIN, 1)))
    return _join(_number(1, 8), _bytes(7, graph), *opsets)


def _value(name: str, kind: int, width: int) -> bytes:
    shape = _join(_bytes(1, _text(2, "m")), _bytes(1, _number(1, width)))
    return _join(_text(1, name), _bytes(2, _bytes(1, _join(_number(1, kind), _bytes(2, shape)))))


def _join(*fields: bytes) -> bytes:
    return b"".join(fields)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | Iterable[int]) -> bytes:
    content = bytes(value)
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())
