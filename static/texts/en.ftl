# Every text of the page, in English. Another language is another file beside this one, de.ftl say, with the same ids:
# the server and the page take it up by themselves for visitors whose browser asks for that language.
#
# Written in Fluent (https://projectfluent.org/fluent/guide/). <b>, <i> and <kbd> mark words that stand out, letters of a
# formula and keys; where a message has one, it may be moved, not left out. Numbers come formatted. What a { $placeholder }
# stands for is said in the comment above its message, unless its name says it.

## The whole page

page-description = See backpropagation: a real network trained one phase at a time, with the blame that flows back along each connection.
page-skip = to the network
