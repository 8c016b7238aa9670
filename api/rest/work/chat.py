"""What would be done for a message; nothing runs."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from agent.planner.catalogue import plannable
from agent.planner.plan import ConversationState, Plan, Uploaded
from api.access.visit import Reader


class ChatMessage(BaseModel):
    """A message, and what is known beside it."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(description="What is wanted, in a sentence or a few.")
    conversation: ConversationState | None = Field(default=None, description="What earlier turns left.")
    file: Uploaded | None = Field(default=None, description="A file that came with the message, by name.")
    warehouse: str | None = Field(default=None, description="The warehouse; the only one by default.")


def chat_routes() -> APIRouter:
    """`POST /v1/chat/plan`."""
    router = APIRouter(prefix="/v1/chat", tags=["chat"])
    tools = "\n".join(f"- `{each.name}`: {each.summary}" for each in plannable())

    @router.post(
        "/plan",
        response_model_exclude_none=True,
        summary="The plan for a message; nothing runs.",
        description="Tool calls with arguments, a question back, or a no. Without a warehouse the "
        f"traits that are described stay phrases in quotes. A plan may call:\n\n{tools}",
    )
    def plan_message(visit: Reader, body: ChatMessage) -> Plan:
        from agent.planner.planner import plan  # the embedding takes a second to import

        workspace = visit.workspace_if_any(body.warehouse)
        return plan(body.message, body.conversation, body.file, workspace)

    return router
