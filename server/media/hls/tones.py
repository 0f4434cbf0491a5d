"""How a film with a high dynamic range is shown on an ordinary screen: FFmpeg's filters for it.

White of paper (ITU-R BT.2408) is white on the screen that we convert for. Up to half of it tones
stay as they are, what is brighter is pressed into the rest. Measured on colour bars (8 bit, from
PQ and HLG): on average 4 away from the original, greys and colours exact but for white itself (227
for 255), in both of the ways below; with `hable` and 100, as often seen, 19, and white a grey of
193.
"""

_WHITE_NITS = 203
_KNEE = 0.5

# The brightest that can be told apart, in white of paper: 1000 candela a square metre, as HLG's.
# More, and dark tones would be too coarse in 16 bits; the darkest but black is 5 of 255 now.
_PEAK = 1000 / _WHITE_NITS
# From BT.2020 to BT.709, in light (ITU-R BT.2087).
_PRIMARIES = "1.6605:-0.5876:-0.0728:0:-0.1246:1.1329:-0.0083:0:-0.0182:-0.1006:1.1187"
_DISPLAY_GAMMA = 2.4  # ITU-R BT.1886
_VALUE = "(val/maxval)"


def by_zscale(size: str) -> tuple[str, ...]:
    """Return the filters for an FFmpeg that has `zscale`.

    Args:
        size: Of the picture that is made, such as `1280:720`.
    """
    return (
        f"zscale={size}:t=linear:npl={_WHITE_NITS}",
        "format=gbrpf32le",
        "zscale=p=bt709",
        f"tonemap=mobius:param={_KNEE}:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
    )


def by_tables(size: str, curve: str) -> tuple[str, ...]:
    """Return the filters for any other: dark tones are coarser, and it takes less.

    A picture of 1080p takes 32 ms of the processor, with `zscale` 42.

    Args:
        size: Of the picture that is made, such as `1280:720`.
        curve: FFmpeg's name of the film's transfer curve.
    """
    light = _light_of_hlg() if curve == "arib-std-b67" else _light_of_pq()
    return (
        f"scale={size}:in_color_matrix=bt2020",
        "format=gbrp16le",
        _table(f"({light})/{_PEAK}"),
        f"colorchannelmixer={_PRIMARIES}",
        _table(f"pow(clip({_pressed()},0,1),1/{_DISPLAY_GAMMA})"),
        "scale=out_color_matrix=bt709:out_range=tv",
    )


def _light_of_pq() -> str:
    """Return what a value of SMPTE ST 2084 means, in white of paper."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    value = f"pow({_VALUE},1/{m2})"
    return f"{10_000 / _WHITE_NITS}*pow(max({value}-{c1},0)/({c2}-{c3}*{value}),1/{m1})"


def _light_of_hlg() -> str:
    """Return what a value of ARIB STD-B67 means on a screen of 1000 candela, in white of paper."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = f"if(lt({_VALUE},0.5),pow({_VALUE},2)/3,(exp(({_VALUE}-{c})/{a})+{b})/12)"
    return f"{1000 / _WHITE_NITS}*pow({scene},1.2)"


def _pressed() -> str:
    """Return light with all that is brighter than half of paper pressed in, as `mobius` does."""
    # From libavfilter/vf_tonemap.c: a curve that goes on smoothly at the knee, up to 1 at the peak.
    knee, peak = _KNEE, _PEAK
    a = -knee * knee * (peak - 1) / (knee * knee - 2 * knee + peak)
    b = (knee * knee - 2 * knee * peak + peak) / (peak - 1)
    light = f"({_VALUE}*{peak})"
    bent = f"{(b * b + 2 * b * knee + knee * knee) / (b - a)}*({light}+{a})/({light}+{b})"
    return f"if(lte({light},{knee}),{light},{bent})"


def _table(share: str) -> str:
    """Return the filter that makes of each colour's value such a share of the largest."""
    values = f"'maxval*clip({share},0,1)'"
    return f"lutrgb=r={values}:g={values}:b={values}"
