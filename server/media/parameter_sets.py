"""Profile and level of H.264 and HEVC, from a stream's configuration in whichever form.

Pure. The configuration is a record (ISO 14496-15), as in MP4 and Matroska, or the stream's own
header, parameter sets between start codes (annex B of both standards), as in transport streams.
"""

import re

_START_CODE = b"\0\0\1"
# A byte that keeps a start code from appearing by chance (7.4.1 of both standards).
_ESCAPED = re.compile(rb"\x00\x00\x03(?=[\x00-\x03]|\Z)")

_AVC_SEQUENCE_PARAMETER_SET = 7
_HEVC_SEQUENCE_PARAMETER_SET = 33


def avc_profile(record: bytes) -> bytes | None:
    """Return profile, constraints and level, three bytes; None where it doesn't say."""
    if record[:1] == b"\x01" and len(record) >= 4:  # avcC (ISO 14496-15, 5.3.3.1)
        return record[1:4]
    for unit in _units(record):
        if len(unit) >= 4 and unit[0] & 0x1F == _AVC_SEQUENCE_PARAMETER_SET:
            return unit[1:4]
    return None


def hevc_profile(record: bytes) -> bytes | None:
    """Return the general profile, tier and level; None where the record doesn't say.

    Twelve bytes as in ISO 23008-2, 7.3.3: space, tier and profile; four of compatibility; six
    of constraints; level.
    """
    if record[:1] == b"\x01" and len(record) >= 13:  # hvcC (ISO 14496-15, 8.3.3.1)
        return record[1:13]
    for unit in _units(record):
        if len(unit) >= 15 and unit[0] >> 1 & 0x3F == _HEVC_SEQUENCE_PARAMETER_SET:
            return unit[3:15]  # behind the unit's header and one byte of its own
    return None


def _units(stream: bytes) -> list[bytes]:
    """The units between start codes, without what escapes start codes."""
    return [_ESCAPED.sub(b"\0\0", unit) for unit in stream.split(_START_CODE)[1:]]
