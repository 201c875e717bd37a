"""A GTK window that writes down, whenever it changes, how large it is told to draw: its text's dpi and its factor."""
import ctypes
import sys

gtk = ctypes.CDLL("libgtk-3.so.0")
gobject = ctypes.CDLL("libgobject-2.0.so.0")
for function in (gtk.gtk_window_new, gtk.gtk_settings_get_default, gtk.gtk_label_new):
    function.restype = ctypes.c_void_p

gtk.gtk_init(None, None)
window = ctypes.c_void_p(gtk.gtk_window_new(0))
settings = ctypes.c_void_p(gtk.gtk_settings_get_default())
gtk.gtk_window_set_title(window, b"GTK window")
gtk.gtk_container_add(window, ctypes.c_void_p(gtk.gtk_label_new(b"Text that follows")))


def report(*_):
    dpi = ctypes.c_int()
    gobject.g_object_get(settings, b"gtk-xft-dpi", ctypes.byref(dpi), None)
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.write(f"{dpi.value / 1024:g} x{gtk.gtk_widget_get_scale_factor(window)}")


callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(report)
for source, signal in ((settings, b"notify::gtk-xft-dpi"), (window, b"notify::scale-factor")):
    gobject.g_signal_connect_data(source, signal, callback, None, None, 0)
gtk.gtk_widget_show_all(window)
report()
gtk.gtk_main()
