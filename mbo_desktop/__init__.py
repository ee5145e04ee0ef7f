"""Target-responsibility management for city and county offices, without a window."""

__version__ = "0.1.0"
PRODUCT_NAME = "目标责任制管理系统"
