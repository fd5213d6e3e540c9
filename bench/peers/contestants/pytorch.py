"""
PyTorch on the CPU. The first argument is a task, as JSON (see ../task.ts); prints one line of JSON, a result. With the
second argument "channels-last" images and kernels have the layout NHWC in memory.
"""

import json
import sys
import time

import torch
from torch import nn


def create_layer(layer, channels):
    """The module of one layer of tinyconv's description, for an input with so many channels or units."""
    kind = layer["type"]
    if kind == "Rescaling":
        return Rescaling(layer["scale"], layer["offset"])
    if kind == "Conv2D":
        return nn.Conv2d(
            channels,
            layer["filters"],
            layer["kernelSize"],
            stride=layer["strides"],
            padding=layer["padding"],
            dilation=layer["dilationRate"],
            bias=layer["useBias"],
        )
    if kind == "BatchNormalization":
        # PyTorch's momentum is the weight of the new value, Keras's that of the old one
        return nn.BatchNorm2d(channels, eps=layer["epsilon"], momentum=1 - layer["momentum"])
    if kind == "ReLU":
        return nn.ReLU()
    if kind == "MaxPool2D":
        return nn.MaxPool2d(layer["poolSize"], stride=layer["strides"])
    if kind == "Flatten":
        return nn.Flatten()
    if kind == "Dense":
        return nn.Linear(channels, layer["units"], bias=layer["useBias"])
    raise ValueError(f"it has no layer like {kind}")


class Rescaling(nn.Module):
    """y = scale * x + offset; bytes become float32 here."""

    def __init__(self, scale, offset):
        super().__init__()
        self.scale, self.offset = scale, offset

    def forward(self, x):
        x = x.float() * self.scale
        return x + self.offset if self.offset else x


def create_model(config):
    height, width, channels = config["inputShape"]
    x = torch.zeros(1, channels, height, width)
    modules = []
    for layer in config["layers"]:
        modules.append(create_layer(layer, x.shape[1]))
        x = modules[-1](x)  # for the shape that the next layer gets
    return nn.Sequential(*modules)


def measure(seconds, run):
    """Runs a second over all the time, and the median run in milliseconds, after a warm-up; as in ../../measure.ts."""
    run_for(seconds / 4, 1, run)
    times = run_for(seconds, 3, run)
    return len(times) / sum(times), sorted(times)[len(times) // 2] * 1000


def run_for(seconds, fewest, run):
    times = []
    end = time.perf_counter() + seconds
    while len(times) < fewest or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return times


def blas():
    """The file of the library that multiplies matrices: OpenBLAS is several times faster than the reference BLAS."""
    try:
        with open("/proc/self/maps") as maps:
            files = {line.split()[-1].rsplit("/", 1)[-1] for line in maps if "/" in line}
    except OSError:
        return None
    return next((name for name in sorted(files, reverse=True) if "blas" in name or "mkl_rt" in name), None)


def main(task, layout):
    torch.set_num_threads(task["threads"])
    torch.manual_seed(1)
    batch, seconds = task["batchSize"], task["seconds"]
    memory_format = torch.channels_last if layout == "channels-last" else torch.contiguous_format
    model = create_model(task["config"]).to(memory_format=memory_format)
    height, width, channels = task["config"]["inputShape"]
    x = torch.randint(0, 256, (batch, channels, height, width), dtype=torch.uint8)
    x = x.contiguous(memory_format=memory_format)
    labels = torch.randint(0, 10, (batch,))

    optimizer = torch.optim.Adam(model.parameters())
    loss_of = nn.CrossEntropyLoss()

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss

    losses = [train().item() for _ in range(10)]
    if not losses[-1] < losses[0]:
        raise RuntimeError(f"expected the loss to fall, got {losses}. Nothing was timed.")
    train_rate, _ = measure(seconds, train)

    model.eval()
    with torch.inference_mode():
        infer_rate, _ = measure(seconds, lambda: model(x).softmax(1))
        image = x[:1]
        _, infer_ms = measure(seconds, lambda: model(image).softmax(1))

    result = {
        "version": f"PyTorch {torch.__version__}",
        "parameters": sum(p.numel() for p in model.parameters()),
        "trainImagesPerSecond": batch * train_rate,
        "inferImagesPerSecond": batch * infer_rate,
        "inferMs": infer_ms,
        "note": blas() or "",
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
