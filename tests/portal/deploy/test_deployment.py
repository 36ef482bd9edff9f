"""The deployment files agree with each other and with the settings; production starts with every secret or not at all."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
SECRETS = {
    "SECRET_KEY": "0123456789" * 6,
    "FIELD_ENCRYPTION_KEYS": "e" * 48,
    "AUDIT_CHAIN_KEYS": "a" * 48,
    "CERTIFICATE_SIGNING_KEY": "c" * 43,
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def check_production(environment: dict[str, str]) -> subprocess.CompletedProcess:
    clean = {
        key: value
        for key, value in os.environ.items()
        if key not in SECRETS and not key.startswith(("PORTAL_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=clean | {"DJANGO_SETTINGS_MODULE": "portal.settings.production"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.integration
def test_production_settings_pass_djangos_deployment_checks():
    result = check_production(SECRETS)
    assert result.returncode == 0, result.stderr


@pytest.mark.integration
@pytest.mark.parametrize("name", SECRETS)
def test_production_refuses_to_start_without_a_secret_and_names_it(name):
    result = check_production({key: value for key, value in SECRETS.items() if key != name})
    assert result.returncode != 0
    assert name in result.stderr


@pytest.mark.integration
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"FIELD_ENCRYPTION_KEYS": "short"}, "portal.E004"),
        ({"FIELD_ENCRYPTION_KEYS": SECRETS["SECRET_KEY"]}, "portal.E005"),
        ({"AUDIT_CHAIN_KEYS": "short"}, "portal.E010"),
        ({"AUDIT_CHAIN_KEYS": SECRETS["FIELD_ENCRYPTION_KEYS"]}, "portal.E010"),
        ({"CELERY_BROKER_URL": "memory://"}, "portal.E006"),
        ({"PORTAL_REQUIRE_SECOND_FACTOR": "0"}, "portal.E008"),
        ({"PORTAL_DEMO": "1"}, "portal.E009"),
    ],
)
def test_deployment_checks_find_what_is_unsafe(change, code):
    result = check_production(SECRETS | change)
    assert result.returncode != 0
    assert code in result.stderr


@pytest.mark.unit
def test_compose_runs_every_part_of_the_portal(compose):
    assert set(compose["services"]) == {"proxy", "migrate", "web", "worker", "beat", "postgres", "redis"}
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert "healthcheck" in compose["services"][name]
    entrypoint = (ROOT / "portal/deploy/entrypoint.sh").read_text()
    for name in ("migrate", "web", "worker", "beat"):
        assert compose["services"][name]["command"] == [name]
        assert f"  {name})" in entrypoint


@pytest.mark.unit
def test_secrets_come_from_the_environment_only():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    required = set(re.findall(r"\$\{(\w+):\?\}", text))
    assert required == {
        "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "AUDIT_CHAIN_KEYS", "CERTIFICATE_SIGNING_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD",
        "POSTGRES_APP_PASSWORD", "REDIS_PASSWORD",
    }  # fmt: skip
    for name in required - {"ALLOWED_HOSTS"}:
        assert re.search(rf"^{name}=$", example, re.MULTILINE), f"{name} must stand in .env.example, empty"


@pytest.mark.unit
def test_compose_passes_on_only_variables_that_settings_read(compose):
    read = "".join(path.read_text() for path in (ROOT / "portal" / "settings").glob("*.py"))
    read += (ROOT / "portal/deploy/entrypoint.sh").read_text()
    for name in compose["services"]["migrate"]["environment"]:
        assert name == "DJANGO_SETTINGS_MODULE" or name in read, name


@pytest.mark.unit
def test_only_migrations_run_as_the_owner_of_the_tables(compose):
    services = compose["services"]
    owner = f"://{services['postgres']['environment']['POSTGRES_USER']}:"
    role = services["migrate"]["environment"]["APP_DATABASE_ROLE"]
    assert owner in services["migrate"]["environment"]["DATABASE_URL"]
    for name in ("web", "worker", "beat"):
        assert f"://{role}:" in services[name]["environment"]["DATABASE_URL"]
        assert "APP_DATABASE_PASSWORD" not in services[name]["environment"]
        assert owner not in str(services[name])
    assert set(services["web"]["environment"]) <= set(services["migrate"]["environment"])


@pytest.mark.unit
def test_every_pinned_package_has_hashes_and_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert not re.search(r"https?://|--index-url|--find-links", text), path
        for block in re.split(r"\n(?=\S)", text):
            if "==" in block.splitlines()[0] and not block.startswith("#"):
                assert "--hash=sha256:" in block, (path, block)


@pytest.mark.unit
def test_every_dependency_is_pinned():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    base, dev = ((ROOT / "requirements" / name).read_text().lower() for name in ("base.txt", "dev.txt"))

    def names(requirements):
        return [re.split(r"[\[<>=;~ ]", text)[0].lower() for text in requirements]

    for name in names(project["dependencies"]):
        assert f"\n{name}==" in base
        assert f"\n{name}==" in dev
    for extra in project["optional-dependencies"].values():
        for name in names(extra):
            assert f"\n{name}==" in dev


@pytest.mark.unit
def test_front_end_packages_are_pinned_without_registry_addresses():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "package.json").read_text())
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    for name, package in lock["packages"].items():
        assert "resolved" not in package
        assert not name or package["integrity"].startswith("sha512-")


@pytest.mark.unit
def test_image_keeps_every_package_file_that_is_served():
    dockerfile = (ROOT / "portal/deploy/Dockerfile").read_text()
    for source in settings.PACKAGE_FILES.values():
        assert source.removesuffix(".map") in dockerfile, source
    for folder in settings.FONT_DIRS:
        assert folder.name in dockerfile
        assert folder.parent.name in dockerfile


@pytest.mark.unit
def test_package_files_and_fonts_exist():
    missing = [source for source in settings.PACKAGE_FILES.values() if not (settings.NODE_MODULES / source).is_file()]
    assert missing == []
    assert all(list(folder.glob("*.ttf")) for folder in settings.FONT_DIRS)
