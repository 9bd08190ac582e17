"""A product, a network and orders on disk, and the command line as a function."""

from __future__ import annotations

import pytest
from tests.cli.small_shop import write_board, write_network, write_orders, write_product

from manyworks.cli import main


@pytest.fixture
def network(tmp_path):
    return write_network(tmp_path / "network")


@pytest.fixture
def product(tmp_path):
    return write_product(tmp_path / "keyring")


@pytest.fixture
def orders(tmp_path):
    return write_orders(tmp_path)


@pytest.fixture
def run(capsys):
    """Run one command: exit code, standard output, standard error; never a traceback."""

    def run_command(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "cli.defect" not in said.err, said.err
        return code, said.out, said.err

    return run_command


@pytest.fixture
def board_product(tmp_path):
    return write_board(tmp_path / "blinker")
