"""The officers' desk: the web console. Pages only ask procedures; who may do what is decided there."""
