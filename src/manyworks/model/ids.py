"""Typed names. Every noun is found by its id, never by its place in a list."""

from typing import NewType

ItemId = NewType("ItemId", str)
OperationId = NewType("OperationId", str)
RoutingId = NewType("RoutingId", str)
PlaceId = NewType("PlaceId", str)
ShopId = NewType("ShopId", str)
MachineId = NewType("MachineId", str)
WorkerId = NewType("WorkerId", str)
ToolId = NewType("ToolId", str)
OfferId = NewType("OfferId", str)
LaneId = NewType("LaneId", str)
OrderId = NewType("OrderId", str)
WorkId = NewType("WorkId", str)
ResourceId = NewType("ResourceId", str)
