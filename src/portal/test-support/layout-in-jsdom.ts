/** What jsdom lacks of what CodeMirror measures; where nothing is laid out, nothing has a place. */
Range.prototype.getClientRects = () => document.createElement('i').getClientRects();
Range.prototype.getBoundingClientRect = () => document.createElement('i').getBoundingClientRect();
