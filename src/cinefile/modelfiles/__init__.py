"""Model folders: arrays as safetensors or ONNX, facts as JSON, a card, and a manifest of SHA-256 sums. Never pickle."""

from cinefile.modelfiles.model_folder import ModelFolder, is_model_folder, write_folder

__all__ = ["ModelFolder", "is_model_folder", "write_folder"]
