"""My task: how near each pixel is. Label and loss of a script task; put your own here.

make_task.py compiles these functions to my_task.pt, which needs no Python: call it again after each change. They are TorchScript:
types stand at arguments, numbers stand inside functions, and torch, torch.nn.functional and math are what they call.
"""
from typing import Dict, Tuple

import torch


def label(sample: Dict[str, torch.Tensor]) -> Tuple[torch.Tensor, torch.Tensor]:
    """Target [1,H,W] in [-1,1] and mask [1,H,W] of one sample: rgb and the page's modalities, [V,C,H,W] each, V = 1 view.

    A pure function without chance. What cannot be known goes to the mask.
    """
    depth = sample["depth_zbuffer"][0]  # [1,H,W], metres; 0 or NaN = no reading
    mask = torch.isfinite(depth) & (depth > 0)
    return torch.where(mask, 2 / (1 + depth) - 1, torch.zeros_like(depth)), mask


def loss(prediction: torch.Tensor, target: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """[B,1,H,W] each -> [B], lower is better. What lies under the mask may be NaN: where() first, then arithmetic."""
    known_prediction = torch.where(mask, prediction, torch.zeros_like(prediction))
    known_target = torch.where(mask, target, torch.zeros_like(target))
    error = (known_prediction - known_target).abs()
    return error.flatten(1).sum(1) / mask.flatten(1).sum(1).clamp(min=1)


def measure(prediction: torch.Tensor, target: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The metrics that the page names, [B,K]: NaN where an image has none."""
    count = mask.flatten(1).sum(1)
    return (loss(prediction, target, mask) / (count > 0)).unsqueeze(1)  # 0 / 0 is NaN
