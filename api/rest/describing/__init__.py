"""What the OpenAPI document says beside the schemas."""
