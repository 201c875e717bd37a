/** What the package gives to those who embed the viewer. */
export { createViewer, ViewerError } from './viewer-frame.ts';
export type {
  AddressedTicket,
  CreateViewerOptions,
  CustomMessage,
  MessageHandler,
  ViewerEvents,
  ViewerHandle,
} from './viewer-frame.ts';
export { CasementViewerElement, defineViewerElement } from './element.ts';
export type {
  FromParent,
  FromViewer,
  KeyCombo,
  Role,
  Scaling,
  SessionClient,
  Settings,
  Ticket,
  ViewerState,
  ViewerUi,
} from './types.ts';
