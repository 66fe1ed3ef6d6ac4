"""The frame around every page: base templates, components, navigation, languages, error pages."""
