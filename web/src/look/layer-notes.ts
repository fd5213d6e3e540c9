/** What a layer does: in a few words for the title of a picture, its formula in one line, and in plain words. */
export interface LayerNote {
  readonly short: string;
  readonly formula: string;
  readonly words: string;
}

/** Notes on the layers of the library by their `type`. */
export const LAYER_NOTES: ReadonlyMap<string, LayerNote> = new Map([
  [
    "AvgPool2D",
    {
      short: "the mean of each small square",
      formula: "y[oh, ow, c] = mean of x[h, w, c] under the window",
      words: "Makes the picture smaller: of each small window only the mean is kept.",
    },
  ],
  [
    "BatchNormalization",
    {
      short: "each channel brought to one mean and spread",
      formula: "y = γ·(x − μ)/σ + β",
      words:
        "Brings the numbers of a channel to a common range: less their mean μ, divided by their spread σ, both measured in training; γ and β are learnt.",
    },
  ],
  [
    "Conv2D",
    {
      short: "each channel looks for a pattern of its own",
      formula: "y[oh, ow, f] = Σ x[h, w, c]·W[ky, kx, c, f] + b[f]",
      words:
        "Lays a small grid of weights, the kernel, over a patch of the picture, multiplies cell by cell, and adds up. The same kernel goes over the whole picture, so it finds its pattern wherever it is.",
    },
  ],
  [
    "Dense",
    {
      short: "weighted sums of all inputs",
      formula: "y[o] = Σ x[i]·W[i, o] + b[o]",
      words: "Each output is a sum over all inputs, each with a weight of its own.",
    },
  ],
  [
    "Dropout",
    {
      short: "as it is; in training, some become 0",
      formula: "y = x, and in training x∘m with a random mask m",
      words:
        "In training, sets some numbers to 0 at random, so that the network leans on no single one. Here, where it only answers, it changes nothing.",
    },
  ],
  [
    "Flatten",
    {
      short: "all numbers in one row",
      formula: "y[(h·W + w)·C + c] = x[h, w, c]",
      words: "Writes the picture as one long row of numbers. No number changes.",
    },
  ],
  [
    "GlobalAvgPool2D",
    {
      short: "the mean of each channel",
      formula: "y[c] = mean of x[h, w, c] over all h, w",
      words: "Of each channel only the mean over the whole picture is kept.",
    },
  ],
  [
    "LeakyReLU",
    {
      short: "what is below 0 becomes small",
      formula: "y = x where x > 0, else a·x",
      words: "Keeps what is positive, and makes small what is negative.",
    },
  ],
  [
    "MaxPool2D",
    {
      short: "the largest of each small square",
      formula: "y[oh, ow, c] = max of x[h, w, c] under the window",
      words: "Makes the picture smaller: of each small window only the largest number, the winner, is kept.",
    },
  ],
  [
    "ReLU",
    {
      short: "what is below 0 becomes 0",
      formula: "y = max(x, 0)",
      words: "Keeps what is positive, and sets the rest to 0: a pattern is either found or it is not.",
    },
  ],
  [
    "Rescaling",
    {
      short: "the pixels, scaled to small numbers",
      formula: "y = scale·x + offset",
      words: "Brings the pixels, 0 to 255, to small numbers, with which training works well.",
    },
  ],
  [
    "Sigmoid",
    {
      short: "squeezed between 0 and 1",
      formula: "y = 1/(1 + exp(−x))",
      words: "Squeezes any number into the range from 0 to 1.",
    },
  ],
  [
    "Softmax",
    {
      short: "scores become probabilities",
      formula: "y[k] = exp(x[k])/Σ exp(x[j])",
      words: "Turns scores into probabilities: all positive, and together 1.",
    },
  ],
  [
    "Tanh",
    {
      short: "squeezed between −1 and 1",
      formula: "y = tanh(x)",
      words: "Squeezes any number into the range from −1 to 1.",
    },
  ],
]);
