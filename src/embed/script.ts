/** The build for a `<script>` tag: the same as the module, as one global, with the element defined. */
import { defineViewerElement } from './element.ts';

defineViewerElement();

export { createViewer, defineViewerElement, ViewerError } from './sdk.ts';
