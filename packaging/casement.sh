#!/bin/sh
# The Node that the program was built for comes with it.
unset NODE_OPTIONS NODE_EXTRA_CA_CERTS
exec /usr/lib/casement/node /usr/lib/casement/dist/cli/casement.mjs "$@"
