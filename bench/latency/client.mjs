/** The program in the session: one window over everything, whose colour changes with every key press. */
import x11 from 'x11';

x11.createClient((error, display) => {
  if (error) throw error;
  const X = display.client;
  const screen = display.screen[0];
  const window = X.AllocID();
  let bright = false;
  X.CreateWindow(window, screen.root, 0, 0, screen.pixel_width, screen.pixel_height, 0, 0, 0, 0, {
    backgroundPixel: screen.black_pixel,
    overrideRedirect: true,
    eventMask: x11.eventMask.KeyPress | x11.eventMask.Exposure | x11.eventMask.StructureNotify,
  });
  X.MapWindow(window);
  X.on('event', (event) => {
    if (event.name === 'MapNotify') X.SetInputFocus(window, 1);
    if (event.name !== 'KeyPress') return;
    bright = !bright;
    X.ChangeWindowAttributes(window, { backgroundPixel: bright ? screen.white_pixel : screen.black_pixel });
    X.ClearArea(window, 0, 0, 0, 0, 0);
  });
  X.on('error', (problem) => {
    console.error(problem);
    process.exit(1);
  });
});
