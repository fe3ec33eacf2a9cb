"""The contract's CPU work as pure functions. Where they are computed is the model's business."""
