"""Small networks in numpy: forward, backward, update. Knows nothing of the web.

Columns are examples, as in Nielsen's book: a^l has shape (n_l, m). `backprop` is the proof that reads like the book;
`kernel` is the one arithmetic path that trains and that every number on screen comes from.
"""
