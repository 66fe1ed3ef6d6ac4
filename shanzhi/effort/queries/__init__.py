from . import diary, records, results, standards, workers

__all__ = ["diary", "records", "results", "standards", "workers"]
