"""Data points for the seed: put for what a test needs, at a spacing that keeps moto quick."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

HOUR = datetime.timedelta(hours=1)
# PutMetricData takes up to 1,000 metrics a request.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
BATCH = 1000


class Metrics:
    """Collects data points of one account and region, and puts them at the end."""

    def __init__(self, cloudwatch: Any, now: datetime.datetime, days: int) -> None:
        self.cloudwatch, self.days = cloudwatch, days
        self.now = now.replace(minute=0, second=0, microsecond=0)
        self.data: dict[str, list[dict[str, Any]]] = {}

    def put(
        self,
        namespace: str,
        name: str,
        dimensions: dict[str, str],
        value: float | Callable[[datetime.datetime], float],
        *,
        every_hours: int = 6,
        days: int | None = None,
    ) -> None:
        """A value, or a function of time, over the last days."""
        steps = (self.days if days is None else days) * 24 // every_hours
        for step in range(1, steps + 1):
            time = self.now - step * every_hours * HOUR
            self.data.setdefault(namespace, []).append(
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": key, "Value": item} for key, item in dimensions.items()],
                    "Timestamp": time,
                    "Value": value(time) if callable(value) else value,
                }
            )

    def send(self) -> None:
        for namespace, data in self.data.items():
            for start in range(0, len(data), BATCH):
                self.cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[start : start + BATCH])
        self.data.clear()


def nightly(time: datetime.datetime) -> float:
    """One busy hour a night: idle on average (4.8 %), busy at p99 (92 %)."""
    return 92.0 if time.hour == 2 else 1.0


def office(time: datetime.datetime) -> float:
    return 55.0 if 8 <= time.hour < 18 else 12.0
