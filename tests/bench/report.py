# SPDX-License-Identifier: MIT
"""What was measured, as a Markdown table and an SVG plot."""
import html
import statistics

BAR_WIDTH, ROW_HEIGHT, LABEL_WIDTH, VALUE_WIDTH = 420, 26, 430, 90


def median(rounds, what):
    return statistics.median(getattr(one, what) for one in rounds)


def ratios(rounds, base):
    """Median, least and greatest of the ratios, round by round."""
    each = sorted(one.requests_per_second / other.requests_per_second for one, other in zip(rounds, base))
    return statistics.median(each), each[0], each[-1]


def row(name, rounds, bases):
    cells = [name, f"{median(rounds, 'requests_per_second'):,.0f}"]
    for base in bases:
        middle, least, greatest = ratios(rounds, base)
        cells.append("1" if base is rounds else f"{middle:.2f} ({least:.2f} to {greatest:.2f})")
    cells += [f"{median(rounds, 'p50_ms'):.2f}", f"{median(rounds, 'p99_ms'):.2f}", f"{median(rounds, 'cpu_us'):.1f}"]
    return cells


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(cells) + " |" for cells in rows]) + "\n"


def svg(title, bars):
    """A bar for each (name, value, is_ours)."""
    greatest = max(value for _, value, _ in bars)
    width, height = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH, ROW_HEIGHT * (len(bars) + 2)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
           "<style>text{fill:#222}.b{fill:#9aa7b4}.o{fill:#2f6fb0}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
           f'<text x="8" y="18" font-weight="bold">{html.escape(title)}</text>']
    for index, (name, value, is_ours) in enumerate(bars):
        y = ROW_HEIGHT * (index + 1) + 8
        length = max(1, round(BAR_WIDTH * value / greatest))
        out += [f'<text x="{LABEL_WIDTH - 8}" y="{y + 15}" text-anchor="end">{html.escape(name)}</text>',
                f'<rect class="{"o" if is_ours else "b"}" x="{LABEL_WIDTH}" y="{y}" width="{length}" height="{ROW_HEIGHT - 6}"/>',
                f'<text x="{LABEL_WIDTH + length + 6}" y="{y + 15}">{value:,.0f}</text>']
    return "\n".join(out + ["</svg>"]) + "\n"
