"""A company with known truth, exported in three dialects: a new user's demo and the tests' simulator."""

from salesplaybook.demo.company import Company, simulate
from salesplaybook.demo.market import Rates
from salesplaybook.demo.projects import DemoProject, projects

__all__ = ["Company", "DemoProject", "Rates", "projects", "simulate"]
