"""A picture as of a camera, sharp and noisy, that moves in a window of its own until it is stopped: `x y width height`."""
import ctypes
import random
import sys
import time

x, y, width, height = (int(word) for word in sys.argv[1:5])
MARGIN = 128
Z_PIXMAP = 2

xlib = ctypes.CDLL("libX11.so.6")
for function in (xlib.XOpenDisplay, xlib.XDefaultVisual, xlib.XDefaultGC, xlib.XCreateImage):
    function.restype = ctypes.c_void_p
for function in (xlib.XCreateSimpleWindow, xlib.XDefaultRootWindow):
    function.restype = ctypes.c_ulong

display = ctypes.c_void_p(xlib.XOpenDisplay(None))
root = ctypes.c_ulong(xlib.XDefaultRootWindow(display))
window = ctypes.c_ulong(xlib.XCreateSimpleWindow(display, root, x, y, width, height, 0, 0, 0))


class Attributes(ctypes.Structure):
    _fields_ = [
        (name, kind)
        for names, kind in (
            ("background_pixmap background_pixel border_pixmap border_pixel", ctypes.c_ulong),
            ("bit_gravity win_gravity backing_store", ctypes.c_int),
            ("backing_planes backing_pixel", ctypes.c_ulong),
            ("save_under", ctypes.c_int),
            ("event_mask do_not_propagate_mask", ctypes.c_long),
            ("override_redirect", ctypes.c_int),
            ("colormap cursor", ctypes.c_ulong),
        )
        for name in names.split()
    ]


# At its place, whatever the window manager thinks.
xlib.XChangeWindowAttributes(display, window, 1 << 9, ctypes.byref(Attributes(override_redirect=1)))
xlib.XStoreName(display, window, b"moving picture")
xlib.XMapWindow(display, window)

random.seed(1)
across, down = width + MARGIN, height + MARGIN
pixels = bytearray(across * down * 4)
noise = random.randbytes(across * down)
for row in range(down):
    for column in range(across):
        at = row * across + column
        grain = noise[at] >> 3
        pixels[at * 4] = (row * 180 // down + grain) & 255
        pixels[at * 4 + 1] = (column * 200 // across + (row ^ column) % 24 + grain) & 255
        pixels[at * 4 + 2] = ((row + column) * 220 // (across + down) + grain) & 255
data = (ctypes.c_char * len(pixels)).from_buffer(pixels)
visual = ctypes.c_void_p(xlib.XDefaultVisual(display, 0))
image = ctypes.c_void_p(
    xlib.XCreateImage(display, visual, 24, Z_PIXMAP, 0, ctypes.cast(data, ctypes.c_void_p), across, down, 32, 0)
)
context = ctypes.c_void_p(xlib.XDefaultGC(display, 0))

step = 0
while True:
    step += 1
    xlib.XPutImage(
        display, window, context, image, step * 7 % MARGIN, step * 5 % MARGIN, 0, 0, ctypes.c_uint(width), ctypes.c_uint(height)
    )
    xlib.XSync(display, 0)
    time.sleep(0.08)
