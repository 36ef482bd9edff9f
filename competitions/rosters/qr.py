"""QR codes of addresses, as pictures inside the page."""

import segno


def picture(address: str, *, scale: int = 4) -> str:
    """A data URI; level M: a print with a crease still scans."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=scale, border=2)
