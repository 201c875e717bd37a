/** Imported for its effect: from then on the page knows `<casement-viewer>`. */
import { CasementViewerElement, defineViewerElement } from './element.ts';

defineViewerElement();

export { CasementViewerElement };
