# Every text of the page, in English. Another language is another file beside this one, de.ftl say, with the same ids:
# the server and the page take it up by themselves for visitors whose browser asks for that language.
#
# Written in Fluent (https://projectfluent.org/fluent/guide/). <b>, <i> and <kbd> mark words that stand out, letters of a
# formula and keys, <term sent>sends</term> marks a word of the glossary; where a message has one, it may be moved, not
# left out. Numbers come formatted. What a { $placeholder } stands for is said in the comment above its message, unless
# its name says it.

## The whole page

page-description = See backpropagation: a real network trained one phase at a time, with the blame that flows back along each connection.
page-skip = to the network
close = close
# On a page that says what was refused, and beside a sentence that does.
refusal-nothing = There is nothing at { $path }.
refusal-gone = There is no session “{ $session }”: it was deleted, or never was.
refusal-on = To your session, or a new one
refusal-to-session = To a session

## The top bar and its menus

bar-preset = Preset
bar-presets = Presets
bar-export = Export
bar-theme = Theme
bar-theme-label = theme: as the system has it
bar-theme-about = light, dark, or as the system has it
bar-help = Help
bar-help-label = help
bar-help-about = what is to be seen, and the keys
bar-menu-label = menu

# Sessions to open: a name with the neurons of each layer, and what is special about it.
preset-circle = Circle · 2, 4, 3, 2
preset-circle-about = A disc inside a ring: two inputs, so that every neuron is a map of the plane.
preset-xor = XOR · 2, 4, 1
preset-xor-about = Four corners that no straight line parts: the smallest job that needs a hidden layer.
preset-spiral = Spiral · 2, 8, 8, 2
preset-spiral-about = Two arms wound about each other: deep enough to see how blame fades on its way back.
preset-digits = Digits · 64, 30, 10
preset-digits-about = Real handwritten digits, 8 × 8 pixels: past 95 % on those it never saw, within a minute.
preset-by-hand = By hand · 2, 2, 2
preset-by-hand-about = Two examples and round weights: every number of a step on screen at once.

export-session = Session
export-session-about = JSON: settings, actions, parameters; it can be imported anywhere
export-parameters = Parameters
export-parameters-about = parameters.npz: weights and biases at the cursor
export-trace = Trace
export-trace-about = trace.npz: every number of the step on view (from step 1 on)

## Numbers

number-not-finite = not finite
# Before a bias or a weight that an update has just changed: “new b”.
number-new = new { $symbol }

## The words of the book: what a connection shows, and what an output is compared with

word-weight = weight
word-sent = sent
word-charged = charged
word-ledger = ledger
word-target = target

# What the words mean is in docs/notation.md, in English. Another language says it here: glossary-sent = …, and the same
# for every word in bold in the tables of that page (glossary-learning-rate, glossary-weighted-input, …).

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

# The line of phases below the picture, and its three lanes.
timeline = phases of the step
timeline-playhead = moment of the step
# At most seven letters each.
lane-forward = forward
lane-back = back
lane-learn = learn

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
unit-phase-title = One press of → is the next phase of the step
unit-step-title = One press of → is a whole step: a mini-batch forward, back, and one update
unit-epoch-title = One press of → is an epoch: steps until every training example has been used once
transport-speed = speed
transport-speed-epoch = Epochs go as fast as they can
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

## The left column: data, network, training and the mini-batch

settings = settings
settings-fold = fold the settings away
settings-unfold = show the settings
# What pressing Enter in a field does.
settings-use = use these settings

data = Data
data-draw = Draw them anew
data-upload = upload
data-upload-title = A CSV file, an .npz with x and y, or a pair of IDX files
data-upload-label = upload a data set: CSV, npz or IDX files
data-set-title = { $title }: { $about }
data-size = { $count ->
    [one] { $count } example
   *[other] { $count } examples
}
# $title is the name of the data set.
data-size-of = { $count ->
    [one] { $count } example of { $title }
   *[other] { $count } examples of { $title }
}
data-size-noise = { $count ->
    [one] { $count } example, noise { $noise }
   *[other] { $count } examples, noise { $noise }
}

network-settings = Network
network-hint = A change here begins a new run.
network-refused = Refused: the network on view is still the one before.
network-layers = hidden layers
network-layer = layer
network-layer-less = take the last hidden layer away
network-layer-less-title = Take the last hidden layer away
network-layer-more = add a hidden layer
network-layer-more-title = Add a hidden layer
network-activation = activation of layer { $layer }
network-neurons = neurons of layer { $layer }
network-neuron-less = one neuron less in layer { $layer }
network-neuron-more = one neuron more in layer { $layer }
# What the first layer holds.
layer-input = input
layer-pixels = pixels

training = Training
training-hint = A change here counts from the next step on
way-undo = undo
way-redo = redo

settings-size = examples
settings-noise = noise
settings-cost = cost
settings-initializer = start
settings-scale = deviation
settings-seed = seed
settings-learning-rate = learning rate
settings-batch-size = mini-batch
settings-optimizer = optimizer
settings-momentum = momentum
settings-alpha = alpha
settings-beta1 = beta1
settings-beta2 = beta2
settings-epsilon = epsilon
settings-regularization = penalty
settings-lambda = λ
settings-feedback = sent back by
# $given is what was typed, as settings-given or settings-nothing say it.
settings-number-needed = A number is needed here; { $given } was given.
settings-whole-number-needed = A whole number is needed here; { $given } was given.
settings-given = “{ $text }”
settings-nothing = nothing

batch = Mini-batch
batch-previous = previous example
batch-next = next example
batch-note = cost of each example of the step
# Which example is on view, of the $count of the mini-batch.
batch-position = example { $position } of { $count }
batch-outside = outside the { $count }
# $cost is that of the example on view.
batch-costs = cost of each; on view { $cost }
batch-costs-later = known after the cost phase
batch-example = example { $example }
batch-example-cost = example { $example }, cost { $cost }

## What can be chosen: its name, and what it is

# Activations of a layer.
option-activation-linear = linear
option-activation-linear-about = a = z: no bend at all.
option-activation-sigmoid = sigmoid
option-activation-sigmoid-about = a = 1 / (1 + e⁻ᶻ), between 0 and 1; its slope is at most 1/4.
option-activation-tanh = tanh
option-activation-tanh-about = a = tanh z, between −1 and 1; its slope is at most 1.
option-activation-relu = relu
option-activation-relu-about = a = max(0, z); its slope is 1 above 0, else 0.
option-activation-leaky-relu = leaky relu
option-activation-leaky-relu-about = a = z above 0, else 0.01 z: never quite dead.
option-activation-elu = elu
option-activation-elu-about = a = z above 0, else eᶻ − 1.
option-activation-gelu = gelu
option-activation-gelu-about = a = z times the normal distribution function of z, in its tanh form.
option-activation-softplus = softplus
option-activation-softplus-about = a = ln(1 + eᶻ): a smooth relu.
option-activation-softmax = softmax
option-activation-softmax-about = a = eᶻ of the neuron, over the sum of all eᶻ: outputs that add up to 1. Last layer only.

# Costs of an example.
option-cost-quadratic = quadratic
option-cost-quadratic-about = ½ Σ (a − y)²: half the squared distance to the target.
option-cost-cross-entropy = cross entropy
option-cost-cross-entropy-about = −Σ [y ln a + (1 − y) ln(1 − a)]: for outputs between 0 and 1. With sigmoid, delta is a − y.
option-cost-log-likelihood = log likelihood
option-cost-log-likelihood-about = −ln of the softmax output of the right class. Delta is a − y.

# How the start of a run is drawn; n_in and n_out are the numbers of neurons that a layer has below and in it.
option-initializer-book = book
option-initializer-book-about = Weights N(0, 1/n_in), biases N(0, 1), as in Nielsen's chapter 3.
option-initializer-book-large = book large
option-initializer-book-large-about = Weights and biases N(0, 1): neurons with many inputs start saturated.
option-initializer-xavier = xavier
option-initializer-xavier-about = Weights N(0, 2/(n_in + n_out)), biases 0: good for tanh and sigmoid.
option-initializer-he = he
option-initializer-he-about = Weights N(0, 2/n_in), biases 0: good for relu.
option-initializer-orthogonal = orthogonal
option-initializer-orthogonal-about = Weights with orthonormal rows or columns, biases 0: keeps lengths, if square both ways.
option-initializer-zeros = zeros
option-initializer-zeros-about = All zero: with the transpose hidden neurons stay identical for ever.
option-initializer-normal = normal
option-initializer-normal-about = Weights N(0, scale²), biases 0.
option-initializer-given = as given
option-initializer-given-about = The weights and biases that were given.

# The rules of the update.
option-optimizer-sgd = sgd
option-optimizer-sgd-about = Stochastic gradient descent: p ← p − η∇.
option-optimizer-momentum = momentum
option-optimizer-momentum-about = Keeps a velocity: v ← μv + ∇, p ← p − ηv.
option-optimizer-nesterov = nesterov
option-optimizer-nesterov-about = Momentum that looks ahead: p ← p − η(∇ + μv).
option-optimizer-rmsprop = rmsprop
option-optimizer-rmsprop-about = Divides by the root of a running mean of squares.
option-optimizer-adam = adam
option-optimizer-adam-about = Running means of gradient and square, corrected for their start.

# Penalties on large weights.
option-regularization-none = none
option-regularization-none-about = No penalty.
option-regularization-l1 = l1
option-regularization-l1-about = λ/n Σ|w|: pulls every weight towards 0, small ones as hard as large ones.
option-regularization-l2 = l2
option-regularization-l2-about = λ/(2n) Σ w²: keeps weights small.

# What sends the error back, in place of the transpose.
option-feedback-transpose = transpose
option-feedback-transpose-about = Wᵀ: the derivative itself.
option-feedback-inverse = inverse
option-feedback-inverse-about = The pseudo-inverse of W.
option-feedback-inverse-rescaled = inverse rescaled
option-feedback-inverse-rescaled-about = The pseudo-inverse, scaled to the Frobenius norm of W.
option-feedback-random = random
option-feedback-random-about = A fixed random matrix (feedback alignment).
option-feedback-fresh-random = fresh random
option-feedback-fresh-random-about = A new random matrix at each step.
option-feedback-sign = sign
option-feedback-sign-about = The signs of Wᵀ, times the mean size of the weights at the start.
option-feedback-frozen = frozen
option-feedback-frozen-about = Wᵀ as it was at the start.
option-feedback-none = none
option-feedback-none-about = Nothing is sent back: hidden layers learn nothing.
option-feedback-negative = negative
option-feedback-negative-about = −Wᵀ.

## Data sets: their names, the word under their picture (at most nine letters), and what they are

dataset-xor = XOR
dataset-xor-label = xor
dataset-xor-about = Output 1 when exactly one of the two inputs is 1: no straight line parts it. Four corners of a square; larger sizes repeat them. Noise is in half sides of the square.
dataset-and = AND
dataset-and-label = and
dataset-and-about = Output 1 when both inputs are 1. Four corners of a square; larger sizes repeat them. Noise is in half sides of the square.
dataset-or = OR
dataset-or-label = or
dataset-or-about = Output 1 when at least one of the two inputs is 1. Four corners of a square; larger sizes repeat them. Noise is in half sides of the square.
dataset-circle = Circle
dataset-circle-label = circle
dataset-circle-about = A disc inside a ring. Noise is in radii of the disc.
dataset-moons = Moons
dataset-moons-label = moons
dataset-moons-about = Two half circles that reach into each other. Noise is in their radii.
dataset-spiral = Spiral
dataset-spiral-label = spiral
dataset-spiral-about = Two arms that wind about each other: the hardest small set. Noise is in distances between the arms.
dataset-gaussians = Three clouds
dataset-gaussians-label = clouds
dataset-gaussians-about = Three round clouds that overlap a little. Noise is their deviation, in distances from the middle.
dataset-plane = Plane
dataset-plane-label = plane
dataset-plane-about = A flat function of two inputs, 0.8 x₁ − 0.5 x₂. Noise is added to the target.
dataset-sine = Sine
dataset-sine-label = sine
dataset-sine-about = Two waves of sin(2πx) between −1 and 1. Noise is added to the target.
dataset-digits = Handwritten digits
dataset-digits-label = digits
dataset-digits-about = Real handwritten digits from 13 people, as images of 8 × 8 pixels: the classic first task for a neural network.
dataset-inline = Your examples
dataset-inline-about = Examples given one by one.
dataset-by-hand = By hand

## The right column: map or image, cost curves, inspector

right = pictures and the inspector
map-decision = Decision map
map-decision-label = what the network answers at each point of the plane
map-pixels = Blame at the pixels
map-pixels-image = the image on view; blame reaches it with δ of layer 2
map-pixels-blame = what each pixel would be sent: Σⱼ wⱼₖ δⱼ of layer 2
# With neuron $j of layer 2 in focus; $full: the weight that is painted at full strength.
map-pixels-own = what neuron { $j } of layer 2 would send each pixel: wⱼₖ δⱼ
map-pixels-weights = the weights of neuron { $j } of layer 2, at full strength from ±{ $full }
map-pixels-label = the image on view, with the blame that reaches each pixel
cost = Cost
cost-training = training
cost-test = test
inspector = Inspector
inspector-hint = Point at a neuron or a connection to read it here. A click pins it; the arrow keys walk the network.
inspector-hint-phone = Tap a neuron or a connection in the network to read it here.

## The picture: names over its layers, and what it is for a screen reader

choice-connections = Connections
choice-neurons = Neurons
# $layers are the numbers of neurons in each layer.
network-label = network with layers of { $layers } neurons
network-more = and { $count } more
# “layer 2 · 30 sigmoid”: $what is an activation, or layer-input, or layer-pixels.
head-layer = layer { $layer }
head-counted = { $count } { $what }
head-title = layer { $layer }: { $count } { $what }
# An output that has no class.
output-number = output { $j }
## The run: its curves are its time line

run-measure = what is drawn
measure-cost = cost
measure-accuracy = accuracy
run-slider = the run, step by step
# Beside the step that is pointed at.
run-how = click or drag: go there
run-keys = arrow keys: by steps
run-start = start
run-step = step { $step }
run-place = step { $step } · epoch { $epoch }
# The numbers shown are those of an earlier step than the one pointed at.
run-from = numbers of step { $step }
# For a screen reader, after the step.
run-cost = cost { $value }
run-accuracy = accuracy { $value }
run-test = test { $value }
# In the chart, over the steps beyond the cursor: they are there already, and playing goes through them again.
run-known = { $count ->
    [one] step { $to }: known
   *[other] { $from } to { $to }: known
}
# The same while somebody is about to change something.
run-cut = { $count ->
    [one] cuts off step { $to }
   *[other] cuts off { $from } to { $to }
}

# Both where there is no room for more.
run-known-short = known
run-cut-short = cuts off

# Beside a control, before it is used.
future-cuts = { $count ->
    [one] A change here cuts off step { $to }; undo brings it back.
   *[other] A change here cuts off steps { $from } to { $to }; undo brings them back.
}
# Beside the buttons “undo” and “redo”, before they are pressed.
undo-cuts = { $count ->
    [one] Taking it back cuts off step { $to }; redo brings it back.
   *[other] Taking it back cuts off steps { $from } to { $to }; redo brings them back.
}
redo-cuts = { $count ->
    [one] Doing it again cuts off step { $to }; undo brings it back.
   *[other] Doing it again cuts off steps { $from } to { $to }; undo brings them back.
}
future-known = { $count ->
    [one] Step { $to } was made already. Playing goes through it again; a change before it cuts it off.
   *[other] Steps { $from } to { $to } were made already. Playing goes through them again; a change before them cuts them off.
}
# After it has happened.
cut-done = { $count ->
    [one] 1 step discarded.
   *[other] { $count } steps discarded.
}
cut-undo = Undo
cut-redo = Redo

# The buttons beside “Training”. $what is an action: “learning rate 0.5 → 1”.
undo-nothing = Nothing to take back
redo-nothing = Nothing to do again
undo-what = Take back: { $what }, after step { $step }
redo-what = Do again: { $what }, after step { $step }

## Runs that are kept beside the one on view

ghosts = kept runs
keep-run = Keep this run
keep-nothing = There is no step to keep yet
keep-what = Its curve stays in the picture, to be compared with the next
keep-kept = This run is kept already
keep-full = { $count } runs are kept: remove one first
start-same = Start again
start-same-title = Back to step 0 with the same weights. The steps stay known until something is changed.
start-new = New weights
start-new-title = Begin a new run from the next seed: other weights, the examples in another order
run-name = this run: { $name }
ghost-take = remove this run
ghost-remove = remove { $name }
ghost-visit = { $name }: open this run, with its weights
ghost-here = { $name }: this page
ghost-gone = { $name }. The server has its weights no more; the curve stays.
ghost-without = The curve is kept, its weights are not: { $reason }
ghost-figures = cost at step { $step }, training
ghost-figures-train = cost and accuracy at step { $step }, training
ghost-figures-test = at step { $step }: cost, training, and accuracy, test

## What runs differ in

# $name is a setting, as it is called in the left column; $value a number or a word, or a change: “0.5 → 1”.
fact = { $name } { $value }
# Settings that have no field of their own in the left column.
settings-layers = layers
settings-activations = activations
settings-train-biases = biases trained
settings-shuffle = shuffled
# The value lists steps.
settings-edits = edited after step
settings-additions = examples added after step
fact-yes = yes
fact-no = no
fact-none = none
# A setting that was changed on the way: “0.5, then 1 from step 14 on”.
fact-then = then { $value } from step { $step } on
# $named are the first differences, $count how many more there are.
fact-more = { $named } · { $count } more
edited-weights = { $count ->
    [one] 1 weight edited
   *[other] { $count } weights edited
}
added-examples = { $count ->
    [one] 1 example added
   *[other] { $count } examples added
}
edited-biases = { $count ->
    [one] 1 bias edited
   *[other] { $count } biases edited
}
## The cards of the inspector

card-connection = Connection
# $from is a neuron of layer $below, $to one of $layer.
card-connection-label = connection from neuron { $from } of layer { $below } to neuron { $to } of layer { $layer }
card-connection-who = neuron { $from } of layer { $below } → neuron { $to } of layer { $layer }
card-neuron = Neuron { $j } of layer { $layer }
card-input = input
# The name of an input's column, and of an output's class.
card-feature = input “{ $name }”
card-class = output for “{ $name }”
card-copy = copy all numbers with all their digits
card-let-go = let go (Esc)
card-focus = only this in the picture (F)
card-side = numbers of
card-side-example = this example
card-side-batch = mini-batch
card-forward = forward
card-blame = blame
card-learning = learning
# Over so many examples.
card-means = { $count ->
    [one] its one example
   *[other] means over its { $count } examples
}
card-mean = mean
card-example = ex.
card-product = product
card-new = new
# So many rows of a table are not written out; what they add up to stands beside it.
card-others = { $count ->
    [one] and 1 more
   *[other] and { $count } more, together
}
card-not-reached = not reached in this step yet: known after { $phase }
card-received-overflows = beyond the largest number; δ is computed without it
card-would-be-sent = Would be sent: inputs learn nothing, so nothing goes back to them.
# $name is one of the feedback operators.
card-feedback = B stands where the transpose would: { $name }.
card-mean-charged = { $count ->
    [one] charged by the one example of the mini-batch
   *[other] mean of charged over the { $count } examples of the mini-batch
}
card-mean-delta = { $count ->
    [one] δ of the one example of the mini-batch
   *[other] mean of δ over the { $count } examples of the mini-batch
}
card-mean-of-products = Mean a × mean δ would be { $product }: not the mean of the products.
card-biases-fixed = Biases are not trained here.
# $name is the optimizer.
card-by-optimizer = The change is { $name }’s, from this and earlier gradients.
card-cost-quadratic = slope of the quadratic cost, ½ Σ (a − y)²
card-cost-cross-entropy = slope of the cross-entropy, −Σ [y ln a + (1 − y) ln(1 − a)]
card-cost-log-likelihood = slope of the log-likelihood, −ln a of the right class
card-delta-cancelled = That is ∂C/∂a × σ′: the slope of the sigmoid cancels.
card-delta-softmax-likelihood = Through the whole Jacobian of softmax, all else cancels.
card-delta-softmax = The whole Jacobian of softmax: every output moves all the others.
card-gate-label = how far the gate is open
card-gate = gate { $share } open
card-gate-relu = 1 above z = 0, else 0
card-gate-leaky-relu = 1 above z = 0, else 0.01
card-gate-linear = always wide open
card-weights-image = its incoming weights, laid out as the image
# Below a weight or bias that the step has changed.
card-used = in force now; this step used { $before }
card-edit-weight = weight
card-edit-bias = bias
card-no-number = “{ $text }” is not a number. Write one like −0.5 or 1e-3.
card-no-batch-yet = No mini-batch yet: the first step has not begun.
card-batch-at-rest = The mini-batch is taken apart when the run rests.
card-batch-reading = …
card-listed = { $count ->
    [one] Only the first example is listed; the mean is over all.
   *[other] Only the first { $count } examples are listed; the mean is over all.
}

check = check
check-title-weight = nudge the weight a little both ways: what does the cost do?
check-title-bias = nudge the bias a little both ways: what does the cost do?
check-title-activation = nudge the activation a little both ways: what does the cost do?
# What the cost does when the number is nudged, and what the trace has. $of is w, b or a.
check-numbers = nudged by ±{ $by }: ΔC/Δ{ $of } = { $measured }; the trace has { $analytic }
check-apart = ({ $error } apart).

## Equations, read aloud

speech-equals = equals
speech-becomes = becomes
speech-plus = plus
speech-minus = minus
speech-times = times
speech-elementwise = times, neuron by neuron,
speech-over = over
speech-half = one half
speech-and-so-on = and so on
speech-change = change of
speech-transposed = transposed
# Between two equations.
speech-then = ;
speech-delta = delta
speech-eta = eta
speech-lambda = lambda
speech-sigma = sigma
speech-prime = prime
speech-log = log
# Between a function and what it is applied to: “tanh of z”.
speech-of = of
speech-open = open bracket
speech-close = close bracket
speech-squared = squared
speech-power = to the power { $exponent }
speech-times-ten = times 10 to the { $exponent }
speech-sum = sum of
speech-sum-over = sum over { $index } of
# A derivative of the cost. $of is a, w, b or z.
speech-slope = slope of C in { $of }
# The layer of a symbol, after its neurons: “w 2 3 of layer 4”.
speech-layer = of layer { $layer }
speech-unknown = not known yet

## The sentence below the picture

sentence = what just happened

# Where a run stands, until the page has its numbers.
sentence-at-start = Paused at the start. One press of <kbd>→</kbd> takes it one phase further.
sentence-in-step = Paused in step <b>{ $step }</b>.

# What a neuron is called: by its place, or by its class. “-first” begins a sentence.
neuron-of-layer = neuron <b>{ $j }</b> of layer { $layer }
neuron-of-layer-first = Neuron <b>{ $j }</b> of layer { $layer }
output = output <b>{ $name }</b>
output-first = Output <b>{ $name }</b>
# Where the name is a number, which would be taken for the neuron's own.
output-with-number = output <b>{ $name }</b> (neuron { $j })
output-with-number-first = Output <b>{ $name }</b> (neuron { $j })

# “0.1, 0.2 and 0.3”: $before is what there is already, $next one more.
list-next = { $before }, { $next }
list-last = { $before } and { $next }
list-rest = { $count } more

# $count examples to train with, $size of them in a mini-batch.
sentence-start = { $count ->
    [one] Before the first step: <b>one</b> training example is waiting.
   *[other] Before the first step: <b>{ $count }</b> training examples are waiting, <b>{ $size }</b> for each step.
}
sentence-start-cost = The <term cost>cost</term> is { $cost }.
# Where there are more examples than the cost is taken over: $count of them.
sentence-start-cost-of = Over { $count } of them the <term cost>cost</term> is { $cost }.
sentence-before-step = Paused before step <b>{ $step }</b>.

# $a is the largest activation of the layer, that of neuron $j; $below is the layer below.
sentence-feedforward = Layer <b>{ $layer }</b> listens to layer <b>{ $below }</b>: neuron <b>{ $j }</b> answers most strongly, with { $a }.
# What the last layer answers: $taken is the class it says, $right the right one.
sentence-answer-right = The network says <b>{ $taken }</b>, and it is right.
sentence-answer-wrong = The network says <b>{ $taken }</b>; the target is <b>{ $right }</b>.
# Where there are no classes: lists of $count numbers.
sentence-answer = { $count ->
    [one] The network answers { $answers }; the target is { $targets }.
   *[other] The network answers { $answers }; the targets are { $targets }.
}

# $rank: how the cost of the example compares with the others of its mini-batch of $count examples; $mean is over them.
sentence-cost = Compared with its target, this example costs { $cost }.
sentence-cost-mean = { $rank ->
    [highest] Compared with its target, this example costs { $cost }, the highest of its <term mini-batch>mini-batch</term>; the mean of the { $count } is { $mean }.
    [lowest] Compared with its target, this example costs { $cost }, the lowest of its <term mini-batch>mini-batch</term>; the mean of the { $count } is { $mean }.
   *[between] Compared with its target, this example costs { $cost }; the mean of the { $count } is { $mean }.
}

# $who is the output neuron that is furthest off, as output-first says it; $a what it answers, $y what it should; $count outputs.
sentence-output-error = { $who } is { $a } and should be { $y }: { $off ->
    [high] too high
    [low] too low
   *[right] just right
}. Its <term delta>delta</term> is { $delta }{ $count ->
    [one] .
   *[other] , the largest in size.
}

# How an image was taken, before the sentence about it: $right is what it is, $taken what the network says.
sentence-digit-right = A handwritten <b>{ $right }</b>, and read as one.
sentence-digit-wrong = A handwritten <b>{ $right }</b>, read as <b>{ $taken }</b>.
sentence-image-right = An image of <b>{ $right }</b>, and taken for that.
sentence-image-wrong = An image of <b>{ $right }</b>, taken for <b>{ $taken }</b>.

# $who is a neuron of the layer above, $k one of layer $layer, which is sent the most.
sentence-send-back = { $who } <term sent>sends</term> { $sent } back along its strongest connection, to neuron <b>{ $k }</b> of layer { $layer }.
sentence-send-back-nothing = Nothing is sent back: no connection from layer <b>{ $above }</b> carries blame to layer <b>{ $layer }</b>.

# Neuron $k is sent the most in its layer; $open is the slope of its activation function there, a percentage; $delta what passes.
sentence-gate-open = Neuron <b>{ $k }</b> is <term received>sent</term> { $received }, the most in layer { $layer }, and its <term gate>gate</term> is open { $open }: { $delta } passes.
sentence-gate-narrow = Neuron <b>{ $k }</b> is <term received>sent</term> { $received }, the most in layer { $layer }, but its <term gate>gate</term> is open only { $open }: { $delta } passes.
sentence-gate-shut = Neuron <b>{ $k }</b> is <term received>sent</term> { $received }, the most in layer { $layer }, but its <term gate>gate</term> is shut: nothing passes.
sentence-gate-turned = Neuron <b>{ $k }</b> is <term received>sent</term> { $received }, the most in layer { $layer }, and its <term gate>gate</term> turns the sign: { $delta } passes.
sentence-gate-nothing = Nothing was sent to layer <b>{ $layer }</b>, so nothing passes its <term gate>gates</term>.

# $k is a neuron of layer $below, $who one of the layer above it, as neuron-of-layer says it.
sentence-gradient = The weight from neuron <b>{ $k }</b> of layer { $below } to { $who } is <term charged>charged</term> { $charged } by this example, the most in its layer.
sentence-gradient-nothing = This example <term charged>charges</term> nothing to the weights into layer <b>{ $layer }</b>.
sentence-gradient-mean = The weight from neuron <b>{ $k }</b> of layer { $below } to { $who } is <term charged>charged</term> { $charged } by this example, the most in its layer; the mean over the <term mini-batch>mini-batch</term> is { $mean }.

# Where connections show the ledger: activation times weight times delta.
sentence-ledger = In the <term ledger>ledger</term> the connection from neuron <b>{ $k }</b> of layer { $below } to { $who } has { $ledger }, the most of its layer.

sentence-update = Step <b>{ $step }</b> is done.
sentence-update-nothing = Step <b>{ $step }</b> is done: no weight has changed visibly.
sentence-update-most = Step <b>{ $step }</b> is done: no weight changed more than that from neuron <b>{ $k }</b> of layer { $below } to { $who }, from { $before } to { $after }.
sentence-update-cost = The training <term cost>cost</term> is now { $cost }.
# While it plays.
sentence-training = Training: step <b>{ $step }</b>, in epoch <b>{ $epoch }</b>.

# Beside an equation: which layer comes next, terms that are left out, and the rule that makes the change.
equation-next = next, for layer { $layer }
equation-more = … { $count } more
equation-by = by { $optimizer }
## The table twin of the picture

view-choice = what stands in the middle
view-picture = picture
view-table = table
table-label = the network's numbers as tables
table-inputs = Layer 1: inputs
table-neurons = Layer { $layer }: neurons, { $activation }
table-connections = Connections into layer { $layer }
# The neurons of a layer that have no row.
table-more = { $more ->
    [one] and 1 more neuron
   *[other] and { $more } more neurons
}
# From neuron k below to neuron j above.
table-row-connection = { $k } → { $j }
table-head-of = neuron
table-head-way = from → to
table-head-a = a
table-head-z = z
table-head-b = b
table-head-received = sent to it
table-head-sigma-prime = σ′(z)
table-head-delta = δ
table-head-b-after = new b
table-head-w = w
table-head-sent = sent
table-head-charged = charged
table-head-ledger = ledger
table-head-after = new w

# Under a term of a sum, while blame travels.
sum-arrived = arrived
sum-coming = on its way

## The legend below the picture

legend-weights = scale fixed for every session
legend-blame = one example, not averaged · log scale, fixed
legend = legend
legend-positive = positive
legend-negative = negative
legend-bundle = all connections as a bundle
# Beside the legend: of how many connections the drawn ones are the strongest, and how strong the weakest of them is. $which: of the
# whole network, of those into a layer, or of those of the neuron in focus (its own).
legend-strongest = { $which ->
    [into] the top { $drawn } of the { $of } into layer { $layer }: |{ $kind }| ≥ { $least }
    [own] the top { $drawn } of its own { $of }: |{ $kind }| ≥ { $least }
   *[whole] the top { $drawn } of { $of }: |{ $kind }| ≥ { $least }
  }
legend-every = { $which ->
    [into] all { $drawn } into layer { $layer }: |{ $kind }| ≥ { $least }
    [own] all of its own { $drawn }: |{ $kind }| ≥ { $least }
   *[whole] all { $drawn }: |{ $kind }| ≥ { $least }
  }

## What a screen reader says of a neuron or a connection of the picture

spoken-neuron = neuron { $j } of layer { $layer }
# $numbers are its numbers, as the picture has them.
spoken-neuron-numbers = neuron { $j } of layer { $layer }: { $numbers }
# From neuron $k of layer $below to neuron $j of layer $layer.
spoken-connection = connection from neuron { $k } of layer { $below } to neuron { $j } of layer { $layer }
# $connection is spoken-connection, $numbers some of the next three.
spoken-connection-numbers = { $connection }: { $numbers }
spoken-weight = weight { $weight }
spoken-sent = sent { $sent }
spoken-charged = charged { $charged }

## The connection to the server

connection-connecting = Connecting to the server …
connection-silent = The server does not answer.
connection-slow = The connection is slow.
connection-lost = The connection to the server is lost.
# $seconds from now.
connection-retry = Trying again in { $seconds } s.
connection-trying = Trying again …
connection-now = Try now
# How old the numbers on view are.
connection-age = What you see is from { $seconds } s ago.
connection-restarted = The server was started again. This is where the session stands.
connection-gone = The server no longer has what is shown here.
connection-new = Begin a new one like it
connection-updated = Blameflow has been updated.
connection-reload = Reload

## What went wrong

problem-not-sent = Not sent: there is no connection to the server. Nothing was changed.
problem-unanswered = The server did not answer. Whether this was done will be seen when it is back.
problem-server = The server cannot be reached. Is it still running?
problem-deleted = This session was deleted or put away. Open a preset to begin a new one.

# Numbers that grew without end, and how to go back. $what is the first of them, by its name in the API.
trouble = At step <b>{ $step }</b>, { $what ->
    [z] a weighted input
    [a] an activation
    [cost] the cost
    [delta] a delta
    [nabla_w] a gradient
    [nabla_b] a gradient
    [w] a weight
    [b] a bias
   *[other] a number
} grew past the largest number a computer holds.
trouble-in-layer = At step <b>{ $step }</b>, in layer <b>{ $layer }</b>, { $what ->
    [z] a weighted input
    [a] an activation
    [cost] the cost
    [delta] a delta
    [nabla_w] a gradient
    [nabla_b] a gradient
    [w] a weight
    [b] a bias
   *[other] a number
} grew past the largest number a computer holds.
trouble-rate = With learning rate <b>{ $rate }</b> the steps overshot.
trouble-earlier = Every earlier step can still be seen.
trouble-back = Back to step { $step }
trouble-restart = Restart with learning rate { $rate }
## The network's shape, changed on the picture. Every change of it begins a new run.

shape = shape of the network
shape-layer = Layer { $layer }
shape-head = { $count ->
    [one] layer { $layer }: one neuron, { $activation }; change it
   *[other] layer { $layer }: { $count } neurons, { $activation }; change it
}
shape-count-note = { $to ->
    [one] { $from } → { $to } neuron: begins a new run
   *[other] { $from } → { $to } neurons: begins a new run
}
shape-insert = add a layer between layers { $after } and { $before }
shape-insert-note = Add a layer here: begins a new run
shape-examples = layer 1, the example on view: choose another
shape-neurons = neurons
# After the number of outputs: it cannot be changed.
shape-fixed = as the data has it
shape-activation = Activation
shape-insert-before = + layer before
shape-insert-after = + layer after
shape-remove = Take this layer away
shape-hint = A change begins a new run, from new weights, on the same examples. This one stays: your browser’s Back leads to it.

## Help

help = What is to be seen
help-begin = A network learns in small steps. Each step goes <b>forward</b> from the inputs to the cost, then <b>back</b>: every neuron tells those that fed it how much of its error went through them. Press <kbd>→</kbd> to see one phase at a time.
help-colours = Colours: blue and orange are values (weights, activations), purple and green are blame; + and − are always written too.
help-numbers = Every number is the server’s own.
help-rest = The same numbers over REST

help-keys = Keys
key-space = <kbd>space</kbd>
key-shift-right = <kbd>Shift</kbd> <kbd>→</kbd>
key-home = <kbd>Home</kbd>
key-numbers = <kbd>1</kbd> to <kbd>4</kbd>
key-arrows = arrows
key-escape = <kbd>Esc</kbd>
help-key-play = play, pause
help-key-move = forward, back
help-key-step = a whole step
help-key-connections = connections: weight, sent, charged, ledger
help-key-examples = the examples, to choose the one on view from
help-key-table = the numbers as a table, or the picture again
help-key-run = on the cost curve: from step to step
help-key-walk = in the network: walk from neuron to neuron
help-key-focus = only what concerns the neuron or connection that is pointed at; a double click does the same
help-key-zoom = closer, farther, the whole picture; the wheel and two fingers do the same
help-key-card = from the network to the card, and back
help-key-matrix = the matrix panel; transpose the matrix in it
help-key-present = presentation: only the picture in large type; Esc leaves
help-key-escape = let go of what is pinned
help-key-help = this help
## Presentation, what is shown, and the line under a picture that stands by itself

bar-present = Present
bar-present-title = Present (P): only the picture, in large type
bar-present-about = only the picture, in large type
bar-show = Show
bar-show-about = which parts of the page are there
show-title = Shown on the page
show-about = The address keeps what is shown: a link to it opens the page as you see it.
part-data = Data
part-network = Network settings
part-training = Training
part-batch = Mini-batch
part-map = Decision map
part-image = Image
part-cost = Cost
part-inspector = Inspector
part-choices = Connections, neurons
part-legend = Legend
part-timeline = Phases
part-sentence = Sentence, equation
part-transport = Transport

line = where the run stands
line-leave = Esc: leave the presentation
line-open = Open in Blameflow
line-start = start
line-feedforward = feedforward into layer { $layer }
line-cost = cost: compare with the target
line-output-error = output error, layer { $layer }
line-send-back = send back into layer { $layer }
line-gate = gate, layer { $layer }: times σ′
line-gradient = gradient, layer { $layer }
line-update = update: new weights
line-step = step { $step }
# After the step, in one line with it.
line-cost-of-example = { " " }· cost of this example { $cost }

## A link that was made when the session stood elsewhere

# $where is one of the next two.
moment = This link was made at <b>{ $where }</b>. The session is at step { $now } now.
watching = You are watching.
watching-about = Somebody else made this session, and moves it.
watching-copy = Make it mine
watching-copy-title = A copy of your own at this point; it disturbs nobody
watching-examples = Which one is on view, its maker chooses.
watching-refusal = You are watching a session that somebody else made. “Make it mine” gives you a copy that you can change.
moment-gone = This link was made at <b>{ $where }</b>, which is no longer there: the session ends at step { $last }.
moment-in-step = step { $step }, { $phase }
moment-end-of-step = the end of step { $step }
moment-copy = Open a copy there
moment-copy-title = A session of your own at that point; nobody else’s view moves
moment-go = Take the session there
moment-go-title = For everybody who looks at it
moment-close = follow the session as it is

## Sharing, and opening session files

bar-share = Share
bar-share-about = a link to what is on view
share = Share what is on view
share-ways = kinds of links
share-live = Follow this session
share-live-about = Everybody sees this very session as it goes. Who moves it moves it for all.
share-live-lasts = It works as long as this server runs.
share-watch = To watch
share-watch-about = Whoever opens it sees this very session as it goes, and cannot change it.
share-control = To control
share-control-about = Whoever opens it can change this session as you can: give it to those who share your work.
share-control-lasts = It works as long as this server keeps the session. Scripts send what stands after “control=” in the header Blameflow-Control.
share-moment = This moment
share-moment-about = Whoever opens it has a copy of their own at this very point, and disturbs nobody.
share-moment-lasts = It works as long as this server runs, whatever becomes of your session. Unopened for a day, it may have to make room for others.
share-carried = With the weights in the link
share-carried-about = Settings and weights are the link: any Blameflow opens it, as a new session that starts with them.
share-carried-lasts = It works for ever, on every Blameflow server: put that server’s address in front.
share-frame = In a web page
share-frame-about = The picture and its transport as a frame, from these weights on; every reader has their own.
share-frame-lasts = It works as long as there is a Blameflow server at this address.
share-as-seen = as I see it: theme, hidden parts, what connections and neurons show
share-text = the link
share-copy = Copy
share-copied = Copied.
share-selected = Selected: copy it by hand.
share-own-computer = This address is known to this computer only. For others, start the server with --host 0.0.0.0 and open the page by this computer’s address.
share-file = Session file
open-file = Open a session file …
open-file-about = a session that was exported as JSON; dropping it on the page does the same
open-drop = Drop a session file to open it
open-too-large = A session file has at most 64 MB.
open-not-a-session = { $name } is not a session file. Data goes to the button “upload” under Data.
## A closer look at the picture, and one neuron or connection in focus

zoom-reset = whole picture
focus-end = show everything again
focus-end-title = show everything again (Esc)
# Neuron $j of layer $layer; $which: an input and an output are connected on one side only.
focus-neuron = { $which ->
    [input] Only what neuron { $j } of layer { $layer } feeds
    [output] Only what neuron { $j } of layer { $layer } hears
   *[hidden] Only what neuron { $j } of layer { $layer } hears and feeds
  }
# From neuron $k of layer $below to neuron $j of layer $layer.
focus-connection = Only the connection from neuron { $k } of layer { $below } to neuron { $j } of layer { $layer }
## A picture that stands alone: its title, its description, and the lines below it

# A title: “Circle · 2, 4, 3, 2: step 3 · send back 2”. $place is picture-place, or phase-start.
picture-title = { $network }: { $place }
picture-place = step { $step } · { $phase }
# What connections show, and $neurons the symbol of what neurons show.
picture-about = A network with layers of { $layers } neurons, drawn from left to right. Connections show: { $connections }. Neurons show: { $neurons }.
## The matrix panel

# What arrives at neuron $k of the layer below.
matrix-to = to { $k }

matrix = Matrix
matrix-open-title = One matrix, two readings (M)
matrix-close = close the matrix
matrix-pair-label = pair of layers
matrix-pair-phase = of the phase
# The matrix that leads into a layer: its rows and columns.
matrix-pair = into layer { $layer } · { $m } × { $n }
matrix-label = weights into layer { $layer }, { $m ->
    [one] { $m } row
   *[other] { $m } rows
} and { $n ->
    [one] { $n } column
   *[other] { $n } columns
}
matrix-cell = weight { $j }, { $k }
matrix-run = cell by cell
matrix-run-title = Play this reading cell by cell, or stop it where it is
matrix-transpose = Transpose
matrix-flip = turn the rows about their diagonal cells
matrix-turned = transposed: each row stands as a column
matrix-not-turned = not transposed
matrix-gather = gather
matrix-gather-hint = one receiver at a time
matrix-scatter = scatter
matrix-scatter-hint = one sender at a time
matrix-forward-name = forward
matrix-backward-name = backward
matrix-both-name = both
matrix-ledger-button = ledger: one total
matrix-one-row = row by row
matrix-one-column = column by column
matrix-forward-gather = forward, gather: one receiver at a time
matrix-forward-scatter = forward, scatter: one sender at a time
matrix-backward-gather = backward, gather: one receiver at a time
matrix-backward-scatter = backward, scatter: one sender at a time
matrix-row = row { $i }
matrix-column = column { $i }
matrix-waits-delta = Going back, nothing is known yet: step on until layer { $layer } has its delta.
matrix-waits-a = Nothing has come up yet: step on until layer { $layer } has its activations.
matrix-forward-columns-stored = Forward, each upper neuron adds up its <b>row</b>: every weight of the row times the activation that comes up through it.
matrix-forward-columns-turned = Forward, written with the transpose, each upper neuron adds up a <b>column</b>. Only the writing turned; the network did not.
# Written as X @ W, the weights are stored the other way round; with sums there are no rows and columns.
matrix-forward-rows-stored = Forward, as in X @ W, each upper neuron adds up its <b>column</b>: every weight of the column times the activation that comes up through it.
matrix-forward-rows-turned = Forward, written with W.T, each upper neuron adds up a <b>row</b>. Only the writing turned; the network did not.
matrix-backward-rows-stored = Backward, each lower neuron adds up its <b>row</b>: the weights it once sent its activation through.
matrix-backward-rows-turned = Each old row now stands as a column, so that δ @ W.T adds down the column. <b>Only the writing turned; the network did not.</b>
matrix-forward-sums-stored = Forward the sum runs over <b>k</b>: for each upper neuron j every weight into it, times the activation that comes up through it.
matrix-backward-sums-stored = Backward the same weights are summed over <b>j</b>: for each lower neuron k every weight that it once sent its activation through.
matrix-ledger-sums = Sum over k first or over j first: the same { $count ->
    [one] number
   *[other] { $count } numbers
}, the same { $total }.
matrix-sums-turn = With sums nothing is turned: w with j and k stays what it is, and only the index that is summed over is another one.
matrix-notation = how formulas are written
matrix-notation-columns = W a: columns
matrix-notation-rows = X @ W: rows
matrix-notation-sums = ∑: index sums
matrix-sum-over = sum over { $i }
matrix-from-each = from each { $i }
matrix-row-forward-sums = Neuron j = { $i } gathers, summed over k: { $terms } = { $sum }.
matrix-column-forward-sums = Neuron k = { $i } scatters its { $own } to every j: it carries { $terms } up.
matrix-row-backward-sums = Neuron j = { $i } scatters its { $own } back to every k: it sends { $terms }.
matrix-column-backward-sums = Neuron k = { $i } gathers, summed over j: { $terms } = { $sum }.
matrix-row-ledger-sums = Summed over k, the shares are δ × (z − b) of upper neuron j = { $i }: { $sum }.
matrix-column-ledger-sums = Summed over j, the shares are a × what lower neuron k = { $i } is sent: { $sum }.
matrix-backward-columns-stored = Backward, each lower neuron adds up its <b>column</b>: the weights it once sent its activation through.
matrix-backward-columns-turned = Each old column now lies as a row, so that adding along the row does the backward sum. <b>Only the writing turned; the network did not.</b>
# Something else than the transpose sends the error back.
matrix-backward-operator = Here { $operator } stands in the transpose’s place: what a connection sends back is no longer its own weight times delta.
matrix-ledger = Add the rows or add the columns: the same { $count ->
    [one] number
   *[other] { $count } numbers
}, the same { $total }.
matrix-cell-forward = Connection { $k } → { $j }: it carries { $w } × { $a } = { $product } up to neuron { $j }.
matrix-cell-backward = Connection { $k } ← { $j }: it sends { $w } × { $delta } = { $product } back to neuron { $k }.
matrix-cell-ledger = Connection { $k } – { $j }: a × w × δ = { $a } × { $w } × { $delta } = { $product }.
# own: what the sender has; terms and sum: of the line.
matrix-row-forward = Neuron { $i } gathers along its { $line }: { $terms } = { $sum }.
matrix-column-forward = Neuron { $i } scatters its { $own } over its { $line }: it carries { $terms } up.
matrix-row-backward = Neuron { $i } scatters its { $own } back over its { $line }: it sends { $terms }.
matrix-column-backward = Neuron { $i } gathers from its { $line }: { $terms } = { $sum }.
matrix-row-ledger = The { $line } adds up to δ × (z − b) of upper neuron { $i }: { $sum }.
matrix-column-ledger = The { $line } adds up to a × what lower neuron { $i } is sent: { $sum }.
matrix-lens = Point at a row, a column or a cell to read its numbers.
matrix-lens-more = and { $more } more
matrix-questions = three questions
matrix-question-row = How does a row become a column?
matrix-question-transpose = Why the transpose?
matrix-question-inverse = Why not the inverse?
matrix-answer-row-columns = Row 1 of w and column 1 of w transposed are the same { $count ->
    [one] connection
   *[other] { $count } connections
}: all that meet in upper neuron 1. <b>Only the writing turned; the network did not.</b>
matrix-answer-row-rows = Column 1 of W and row 1 of W.T are the same { $count ->
    [one] connection
   *[other] { $count } connections
}: all that meet in upper neuron 1. <b>Only the writing turned; the network did not.</b>
matrix-answer-row-sums = In sums no row becomes a column: forward and backward name the same { $count ->
    [one] weight
   *[other] { $count } weights
} of upper neuron 1, and only the index that is summed over changes, from k to j.
matrix-answer-transpose-rows = The activation of lower neuron { $k } reaches the cost only through <b>row { $k }</b>, so its blame comes back through row { $k }: { $terms } = { $sum }, the slope that nudging measures.
matrix-answer-transpose-sums = The activation of lower neuron k = { $k } reaches the cost only through its own weights, so its blame is the sum over <b>j</b> of the same weights: { $terms } = { $sum }, the slope that nudging measures.
matrix-answer-transpose-columns = The activation of lower neuron { $k } reaches the cost only through <b>column { $k }</b>, so its blame comes back through column { $k }: { $terms } = { $sum }, the slope that nudging measures.
matrix-answer-inverse = The transpose asks: which way does the cost rise fastest? The inverse asks: how far is the activation from one that would be right? Only the first can be added up connection by connection.

nudge = Nudge
nudge-neuron = lower neuron that is nudged
nudge-of = activation of neuron { $k }
nudge-by = move it by
nudge-plot = the cost as this one activation moves
nudge-value = moved by { $by }, cost { $cost }
nudge-handle-value = moved by { $by }
nudge-waits = Step on until the layer above has its delta: then its lower neurons can be nudged.
nudge-cost = cost
nudge-begin = Move the activation of neuron { $k } up and down: every z above moves by its weight, and the cost follows the curve.
nudge-start = Move the activation of neuron { $k } up and down: every z above moves by its weight, and the cost follows the curve. The dashed line has the slope that was sent.
nudge-moves = The activation of neuron { $k } moves by { $by }: { $z } move with it, the cost by { $cost }. Slope: { $slope }.
nudge-settled = The slope settles on { $measured }; what neuron { $k } was sent is { $sent }. Influence forward is blame backward.
nudge-differs = The slope settles on { $measured }, but what neuron { $k } was sent is { $sent }: something else than the transpose sent it.
inverse = Transpose and inverse
inverse-kappa = condition number κ
inverse-kappa-value = condition number { $kappa }
inverse-no-condition = not of full rank: no condition number
inverse-own = its own κ
inverse-use = use these weights
inverse-double = double W
inverse-waits = Step on until the layer has its delta.
inverse-picture = two arrows, { $angle } degrees apart
inverse-angle = The two arrows are { $angle } apart, cosine { $cosine }, at condition number κ = { $kappa }.
inverse-worst = At worst the cosine is 2κ/(κ² + 1) = { $worst }; at κ = 1, where W is orthogonal up to its size, both agree.
inverse-no-bound = Without a κ there is no bound for the cosine.
inverse-square = W is { $m } × { $n }, so an inverse exists where κ is finite.
inverse-tall = W is { $m } × { $n }: it has no inverse. The pseudo-inverse finds the inputs that come nearest to explaining δ; what no input can explain is lost, by the transpose as well.
inverse-wide = W is { $m } × { $n }: it has no inverse. Of the many inputs that would explain δ the pseudo-inverse takes the smallest.
inverse-lengths = Their lengths are { $down } and { $up }: where W doubles, the first doubles and the second halves.

## How far blame misses: the feedback operators beside the measured gradient

miss = Layer { $layer } is sent { $angle } off the gradient.
miss-short = { $angle } in layer { $layer }
operator-chip = { $operator } in place of wᵀ
operator-chip-off = { $operator } in place of wᵀ, off by { $angles }
compass = Direction of blame
compass-waits = Step on: then every way of sending the error back is compared with the gradient that nudging measures.
compass-no-hidden = This network has no hidden layer, so nothing is sent back.
compass-about = After step { $step }: the angle between what each layer is sent and the gradient that nudging measures, and how long it is beside it. 0° is exactly uphill.
# The step was sent back by $operator, and by now $chosen is chosen.
compass-would = Step { $step } was sent back by { $operator }; the dial shows what { $chosen } would have sent, beside the gradient that nudging measures.
compass-dial = layer { $layer }: { $angle } from the gradient
compass-layer = layer { $layer }
compass-operator = sent back by
compass-all = all operators
compass-choose = send the error back by this from the next step on
compass-race = Race them

## Races

races = Races
race-new = A new race
race-lead = Copies of one network start alike and see the same examples in the same order. Only what carries the error back differs. How far does each come?
race-what = What is raced
race-operators = Sent back by
race-start = Start the race
race-seeds = seeds
race-seeds-count = seeds
race-epochs = epochs
race-own = Your races
race-none = None yet.
race-listed = { $layers }: { $operators }
race-listed-seeds = { $count ->
    [one] { $count } seed
   *[other] { $count } seeds
}
race-listed-epochs = { $count ->
    [one] { $count } epoch
   *[other] { $count } epochs
}
race-listed-rate = learning rate { $rate }
race-listed-best = best: { $operator }, { $accuracy }
race-lost = The server cannot be reached. What you chose stays here, and this note goes once it answers again.
race-created = begun
race-seeds-about = Each seed is a start of its own, other weights and another order of the examples: several of them show what is chance.
race-broken = Not finite: the numbers grew beyond all bounds, and the run was stopped there. A smaller learning rate may help.
race-progress = progress of the race
race-cancel = Cancel
race-table = where each operator stands
race-inline = given examples
race-state-waiting = Waits for its turn
race-state-running = Running
race-state-done = Done
race-state-cancelled = Cancelled
race-state-failed = Failed
race-config-layers = layers
race-config-activations = activations
race-config-cost = cost
race-config-initializer = start
race-config-optimizer = optimizer, learning rate
race-config-regularization = penalty
race-config-batch-size = mini-batch
race-config-dataset = data
race-entry-own = This session’s network
race-entry-own-about = as it is set up now
race-entry-one-hidden = Digits, one hidden layer
race-entry-one-hidden-about = 5 seeds, 30 epochs: random wires come near the transpose
race-entry-three-hidden = Digits, three hidden layers
race-entry-three-hidden-about = 5 seeds, 60 epochs: the pseudo-inverse fails in most, its rescaled form in all
race-entry-toy = Circle
race-entry-toy-about = small and quick
race-accuracy-test = Accuracy on the test set, by epoch
race-accuracy-train = Accuracy on the training set, by epoch
race-cost-test = Cost on the test set, by epoch
race-cost-train = Cost on the training set, by epoch
race-angle = Angle in layer { $layer }
race-table-angle = angle in layer { $layer }
race-table-operator = sent back by
race-table-accuracy = accuracy (range)
race-table-cost = cost
race-table-runs = seeds
# Of so many runs, how many left the range of numbers.
race-not-finite = { $runs } ({ $broken } not finite)
race-meaning = What this shows, and what it does not
race-meaning-shows = A line is the mean over the seeds that have come so far, its band reaches from the worst to the best. Where bands overlap, the race does not say which is better.
race-meaning-angle = The angle is between what a layer is sent and the true gradient, a mean over 100 training examples. Below 90° a small step against it still makes the cost smaller: that is why random feedback can learn.
race-meaning-baseline = <b>none</b> sends nothing back: hidden layers stay as they were drawn, and only the last layer learns. What does not beat it has taught the hidden layers nothing.
race-meaning-not = It says nothing about other data, sizes, depths or learning rates. An inverse is not wrong because it fails at once: with one hidden layer it may keep up, with three it usually does not.
# Over the picture while only what concerns one neuron or connection is drawn; the connection leads from neuron $k of layer $below.

## Pictures of what is on view

export-svg = Picture (SVG)
export-svg-about = what is on view right now, what is on its way included; sharp at any size
export-png = Picture (PNG)
export-png-about = the same for slides, two pixels for each one on the screen
export-server-svg = Picture from the server
export-server-svg-about = picture.svg: the cursor as it stands there, at an address for scripts and pages
export-picture-unseen = The table is on view. Choose the picture above it first.
## The examples to choose from

examples = Examples
examples-open = Choose the example on view (E)
# Which of them are listed.
examples-part = which examples
examples-part-batch = mini-batch
examples-part-all = all
examples-part-test = test
examples-order = order
examples-order-index = as they come
examples-order-misclassified = wrong ones first
examples-order-cost = costliest first
# What the network after step $step says of $count examples.
examples-wrong = { $wrong ->
    [0] All { $count } are right at step { $step }.
   *[other] { $wrong } of { $count } { $wrong ->
        [one] is
       *[other] are
    } wrong at step { $step }.
}
# Of a large data set the network is asked about the first examples only.
examples-wrong-first = { $wrong ->
    [0] The first { $count } are right at step { $step }.
   *[other] { $wrong } of the first { $count } are wrong at step { $step }.
}
# Where the targets are numbers, nothing is right or wrong.
examples-costs = { $count ->
    [one] One example, with its cost at step { $step }.
   *[other] { $count } examples, with their costs at step { $step }.
}
examples-none = There are none.
examples-no-test = { $count ->
    [one] There is no test set: the one example is trained on.
   *[other] There is no test set: all { $count } examples are trained on.
}
# Under each image.
examples-key = Under each: what it is, ✓ or ✗ with the network’s answer, its cost.
examples-again = As of step { $step }: look again
examples-more = { $count } more of { $left }
example-class = class { $label }
example-output = output { $j }
example-answers = answers { $answer }
example-cost = cost { $cost }
example-test = test
example-added = added after step { $step }
example-on-view = on view
# Heard where it cannot be seen. $row names the example; $wanted is what it should give.
example-spoken = example { $row }: { $wanted }; the network answers { $answer }, { $right ->
    [yes] right
   *[no] wrong
}; cost { $cost }
example-spoken-number = example { $row }: { $wanted }; the network answers { $answer }; cost { $cost }

## Lessons

lessons = Lessons
lessons-about = short ones, on the live page
lessons-lead = Each lesson runs on the live page: it sets the stage, asks, and has your answer checked by the engine. You can leave the path at any time and come back.
lesson-minutes = { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}
lesson-start = Start
lesson-begun = goes on at step { $step }
lesson-done = finished
lesson-print = Print
# $address is the path of the lesson on the server.
# $named is an arrow that the page draws beside the reader's.
lesson-printed-beside = { $named } is drawn on the live page.
lesson-printed = On the live page, with its picture and with answers that are checked: { $address }
lesson-place = Step { $step } of { $steps } · { $minutes } minutes in all
lesson-running = Lesson
lesson-step = This step
lesson-progress = how far the lesson has come
lesson-leave = leave the lesson; you can come back
lesson-moves = through the lesson
lesson-back = Back
lesson-next = Next
lesson-end = Finish
lesson-again = set the stage again
lesson-to-network = To the network
lesson-to-cost = To the dials
lesson-check = Check
lesson-show = Show me
lesson-right = Right.
lesson-wrong = Not yet.
lesson-lost = The server cannot be reached. What you answered stays here: try again once it answers.
lesson-unstaged = The server cannot be reached. This step is set up as soon as it answers.
lesson-none-number = Write a number, like −0.5.
lesson-none-choice = Choose one of the answers first.
lesson-none-connection = Click a connection of the network first.
lesson-none-neuron = Click a neuron of the network first.
lesson-none-arrow = Draw the arrow first.
lesson-by-connection = Click the connection in the network, then press Check.
lesson-by-neuron = Click the neuron in the network, then press Check.
arrow-label = arrow to be drawn; across: { $across }, up: { $up }
arrow-hint = draw it from the middle
arrow-value = { $degrees } degrees from across towards up
arrow-near = Off by { $off }°.
arrow-off = Your arrow is off by { $off }°; up to { $degrees }° are right.
lesson-by-do = Do it on the page, then press Check.
## The decision map in one’s hand

# What stands there for a keyboard and a screen reader.
aim-label = decision map: arrow keys move a crosshair, Enter chooses or adds an example there
aim-mode = a click on the map
aim-choose = choose
aim-choose-about = A click puts the example there on view
# $wanted is a class.
aim-add = add { $wanted }
aim-add-example = add
aim-class = its class
aim-target = target
aim-target-of = target { $j }
aim-hint-choose = A click on an example puts it on view.
aim-hint-add = A click adds an example to train on.
aim-added-count = { $count } added, ringed.
# $wanted is the class or the target of the example.
aim-added = Added { $wanted } at { $where }, to be learnt from the next epoch on.
aim-no-number = A target is a number, like −0.5.
# Where the crosshair stands, and the example next to it.
aim-spoken = { $where }. Nearest: example { $row }, { $wanted }, at { $at }
lesson-bug = the gradient of this backward pass, checked by nudging
lesson-bug-layer = layer
lesson-bug-weights = weights agree
lesson-bug-biases = biases agree
lesson-bug-cosine = cosine (weights)
lesson-bug-agree = { $right } of { $of }
## Hints in place, one at a time, of at most 25 letters. $hand is “finger” on a phone, else “pointer”

tip-step = <b>→</b> takes one phase
tip-point = { $hand ->
    [finger] tap anything to read it
   *[pointer] point at anything
}
tip-scrub = drag through the phases
tip-run = { $hand ->
    [finger] tap the curve to go there
   *[pointer] click to go there
}
tip-add = <b>+</b> adds a point
tip-dismiss = dismiss this hint
tip-none = no more hints
tips-again = Show hints again
