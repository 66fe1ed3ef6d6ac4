from django.urls import path, re_path

from ..views import privacy, rights, rights_desk, rights_proof

ME, DESK, PRIVACY = "me/data/", "desk/registry/", "desk/registry/privacy/"

urlpatterns = [
    path(ME, rights.my_data, name="my_data"),
    path(f"{ME}unlock/", rights_proof.unlock, name="unlock"),
    path(f"{ME}unlock/code/", rights_proof.unlock_code, name="unlock_code"),
    path(f"{ME}whose/", rights.whose_data, name="whose_data"),
    path(f"{ME}readers/", rights.my_readers, name="my_readers"),
    re_path(rf"^{ME}wrong/(?P<element>[a-z_]+\.[a-z_]+)/$", rights.my_wrong, name="my_wrong"),
    path(f"{ME}requests/", rights.my_requests, name="my_requests"),
    path(f"{ME}requests/<int:pk>/withdraw/", rights.withdraw, name="withdraw_correction"),
    path(f"{ME}copy/", rights.my_copy, name="my_copy"),
    re_path(rf"^{ME}copy/file\.(?P<form>json|pdf)$", rights.my_copy_file, name="my_copy_file"),
    path(f"{ME}delete/", rights.my_erasure, name="my_erasure"),
    path(f"{ME}consents/", rights.my_consents, name="my_consents"),
    path(f"{ME}people/", rights.my_people, name="my_people"),
    path(f"{ME}people/<int:pk>/end/", rights.end_binding, name="end_binding"),
    path(f"{ME}bind/", rights_proof.bind, name="bind"),
    path(f"{ME}bind/code/", rights_proof.bind_code, name="bind_code"),
    path(f"{ME}bind/papers/", rights_proof.bind_papers, name="bind_papers"),
    path(f"{ME}bind/with/<slug:adapter>/", rights_proof.bind_identity, name="bind_identity"),
    path(f"{ME}bind/with/<slug:adapter>/back/", rights_proof.bind_back, name="bind_back"),
    path("privacy/", privacy.notice, name="privacy"),
    path("privacy/<int:version>/", privacy.notice, name="privacy_version"),
    path("demo/identity/", rights_proof.demo_identity, name="demo_identity"),
    path(f"{DESK}corrections/", rights_desk.corrections, name="corrections"),
    path(f"{DESK}corrections/<int:pk>/", rights_desk.correction, name="correction"),
    path(f"{DESK}bindings/", rights_proof.bindings, name="bindings"),
    path(f"{DESK}bindings/persons/<int:pk>/", rights_proof.bind_person, name="bind_person"),
    path(f"{DESK}bindings/<int:pk>/end/", rights_proof.unbind, name="unbind"),
    path(
        f"{DESK}binding-requests/<uuid:pk>/", rights_proof.binding_request, name="binding_request"
    ),
    path(PRIVACY, privacy.index, name="privacy_desk"),
    path(f"{PRIVACY}notices/new/", privacy.new_notice, name="new_notice"),
    path(f"{PRIVACY}purposes/new/", privacy.purpose, name="new_purpose"),
    path(f"{PRIVACY}purposes/<slug:code>/", privacy.purpose, name="purpose"),
    path(f"{PRIVACY}assessments/new/", privacy.new_assessment, name="new_assessment"),
    path(f"{PRIVACY}assessments/<int:pk>/", privacy.assessment, name="assessment"),
    path(f"{PRIVACY}incidents/new/", privacy.new_incident, name="new_incident"),
    path(f"{PRIVACY}incidents/<int:pk>/", privacy.incident, name="incident"),
]
