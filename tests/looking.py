"""What a person sees of the page: whether all can use it, whether it fits, and pictures of it."""

import json
import os
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT

WIDTHS = {1400: 900, 900: 800, 390: 844}
"""Widths in which the page is looked at, and the height of each."""

_BY_AXE = {(390, "light"), (1400, "dark")}  # colours and order differ most between these

# Read now, because the tests take all such variables away.
_FOLDER = os.environ.get("PINPOINT_SCREENSHOTS")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = f"""async () => {{
  const options = {{ runOnly: {json.dumps(_TAGS)}, resultTypes: ["violations"], iframes: false }};
  const {{ violations }} = await axe.run(document, options);
  return violations.flatMap(({{ id, nodes }}) => nodes.map((node) =>
    `${{id}}: ${{node.target.join(" ")}}: ${{node.html.slice(0, 160)}}: ` +
    [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ")));
}}"""

# Whether the frame beside the chat shows the quote that is open, or nothing where none is, and
# has loaded all of it. It takes its new address only a while after that was asked for.
_OPENED = """() => {
  const frame = document.querySelector("iframe[name=pinpoint-source]");
  if (!frame) return true;
  const chip = document.querySelector(".chip[aria-current]");
  const { contentDocument: shown, contentWindow } = frame;
  const wanted = chip ? chip.href : new URL("/source/", location).href;
  return contentWindow.location.href === wanted && shown.readyState === "complete";
}"""

_SETTLED = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame();
  const frames = [...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument);
  for (const shown of [document, ...frames]) {
    for (const image of shown.images) if (image.checkVisibility()) await image.decode();
    const once = shown.getAnimations().filter((a) => a.effect.getTiming().iterations === 1);
    await Promise.all(once.map((animation) => animation.finished.catch(() => null)));
  }
}"""

# What stands beyond the edges of the window and cannot be scrolled to, and boxes that scroll
# sideways although nothing says that they should.
_BEYOND = """() => {
  const style = (e) => getComputedStyle(e);
  const sideways = (e) => ["auto", "scroll"].includes(style(e).overflowX) &&
    e.matches("[tabindex='0'], #tools");
  const inside = (e) => e && (sideways(e) || style(e).textOverflow === "ellipsis" ||
    e.matches(".sr-only") || inside(e.parentElement));
  const told = (e) => `${e.tagName} ${e.id} ${e.className} ${e.textContent.trim().slice(0, 60)}`;
  const seen = [...document.body.querySelectorAll("*")].filter((e) => e.checkVisibility());
  const out = seen.filter((e) => {
    const { left, right, width } = e.getBoundingClientRect();
    return width && (left < -1 || right > innerWidth + 1) && !inside(e);
  });
  const wide = [document.documentElement, ...seen].filter((e) =>
    e.scrollWidth > e.clientWidth + 1 && style(e).overflowX !== "visible" &&
    style(e).display !== "inline" && !e.matches("input, textarea, select") && !inside(e));
  return [...out.map((e) => `beyond: ${told(e)}`), ...wide.map((e) => `wider: ${told(e)}`)];
}"""


def frames(page):
    """Return the frames of a page, once the source of the quote that is open is there."""
    page.wait_for_function(_OPENED)
    return page.frames


def unusable(page):
    """Return what axe finds wrong in a page and in its frames, in its theme and at its width."""
    found = []
    for frame in frames(page):
        frame.evaluate(AXE_SCRIPT)
        found += frame.evaluate(_RUN)
    return found


def beyond(page):
    """Return what of a page and its frames is cut off, or has to be scrolled to sideways.

    What names itself a scrollable region, and a text that ends in an ellipsis, may be wider.
    """
    return [told for frame in frames(page) for told in frame.evaluate(_BEYOND)]


def assert_accessible(page):
    """Assert that axe finds nothing wrong, by WCAG 2.2 AA and by good practice."""
    found = unusable(page)
    assert not found, "\n".join(found)


def assert_fits(page):
    """Assert that nothing is cut off at the window's sides."""
    found = beyond(page)
    assert not found, "\n".join(found)


def settle(page):
    """Wait until nothing moves: the source is there, colours have faded, pictures are there."""
    page.wait_for_function(_OPENED)
    page.evaluate(_SETTLED)


def show(page, width, theme):
    """Show the page in a window of this width, in light or dark."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    settle(page)


def keep(page, name):
    """Keep a picture of the page as it is, where PINPOINT_SCREENSHOTS names a folder for them.

    The picture is called by the name given, and by the width and theme of the page.
    """
    if not _FOLDER:
        return
    kept = Path(_FOLDER)
    kept.mkdir(parents=True, exist_ok=True)
    dark = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    theme = "dark" if dark else "light"
    page.screenshot(path=kept / f"{name}-{page.viewport_size['width']}-{theme}.png")


def assert_looks_right(page, name):
    """Assert that a view fits at all widths, and that axe finds nothing wrong; `keep` it."""
    before, found = page.viewport_size, []
    for width, theme in (*((width, "light") for width in WIDTHS), (max(WIDTHS), "dark")):
        show(page, width, theme)
        keep(page, name)
        wrong = beyond(page)
        if (width, theme) in _BY_AXE:
            wrong += unusable(page)
        found += [f"{width} {theme}: {one}" for one in wrong]
    page.set_viewport_size(before)
    assert not found, "\n".join(found)
