;; The smallest module: a preamble and nothing else.
(module)
