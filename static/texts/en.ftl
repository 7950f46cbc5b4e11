# Every text of the page, in English. Another language is another file beside this one, de.ftl say, with the same ids:
# the server and the page take it up by themselves for visitors whose browser asks for that language.
#
# Written in Fluent (https://projectfluent.org/fluent/guide/). <b>, <i> and <kbd> mark words that stand out, letters of a
# formula and keys; where a message has one, it may be moved, not left out. Numbers come formatted. What a { $placeholder }
# stands for is said in the comment above its message, unless its name says it.

## The whole page

page-description = See backpropagation: a real network trained one phase at a time, with the blame that flows back along each connection.
page-skip = to the network

## Numbers

number-not-finite = not finite

## The phases of a step

phase-start = start
phase-feedforward = feedforward
phase-cost = cost
phase-output-error = output error
phase-send-back = send back
phase-gate = gate
phase-gradient = gradient
phase-update = update
# A phase of one layer: “gate 2”.
phase-of-layer = { $phase } { $layer }

## The transport bar: buttons, what comes next, and where the run stands

transport = transport
transport-restart = restart
transport-restart-title = Restart (Home)
transport-back = back
transport-back-title = Back (←)
transport-play = Play
transport-pause = Pause
transport-play-title = Play or pause (space)
transport-forward = forward
transport-forward-title = Forward (→)
# Before the choice of phase, step or epoch.
transport-unit = one step is
unit-phase = phase
unit-step = step
unit-epoch = epoch
transport-speed = speed
transport-fastest = max

next-feedforward = next: <b>feedforward</b> into layer { $layer }
next-cost = next: <b>cost</b>: compare with the target
next-output-error = next: <b>output error</b>, layer { $layer }
next-send-back = next: <b>send back</b> into layer { $layer }
next-gate = next: <b>gate</b>, layer { $layer }: multiply by σ′
next-gradient = next: <b>gradient</b>, layer { $layer }
next-update = next: <b>update</b>: new weights
# $count is the number of examples in the next mini-batch.
next-step = next: <b>one step</b>: a mini-batch of { $count }
next-epoch = { $count ->
    [one] next: <b>one epoch</b>: the one training example
   *[other] next: <b>one epoch</b>: all { $count } training examples once
}
# At the end of a run whose numbers grew past the computer's range.
next-never = Stopped: step { $step } is not finite

reading-cost-training = cost, training
reading-accuracy-training = accuracy, training
reading-accuracy-test = accuracy, test

# The parts of the page on a phone, one at a time.
tabs = parts of the page
tab-setup = Set up
tab-network = Network
tab-image = Image
tab-map = Map
tab-cost = Cost
tab-inspect = Inspect
