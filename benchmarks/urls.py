"""The product's pages, and beside them the floors that they are measured against."""

from django.urls import include, path

from benchmarks import bare, stock
from dashboard import urls as product

handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500

urlpatterns = [
    path("bare/signed-in", bare.signed_in),
    path("bare/history", bare.history),
    path("bare/marks", bare.marks),
    path("bare/coverage", bare.coverage),
    path("bare/export", bare.export),
    path("stock/backups/", stock.backups),
    path("", include(product.urlpatterns)),
]
