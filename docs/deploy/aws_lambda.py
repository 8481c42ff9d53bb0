"""The service as an AWS Lambda function, behind an API Gateway (HTTP API) or a function URL.

The handler is `aws_lambda.handler`. The function's image needs `pip install 'movie-reports[serve]' mangum`, this file,
and the database: in the image, or on EFS if an ingest elsewhere replaces it; MOVIE_REPORTS_DATABASE says where.
"""

from mangum import Mangum

from movie_reports.server.app import create
from movie_reports.server.settings import Settings

HOSTS = ("films.example.org",)  # the names under which the function is reached

handler = Mangum(create(settings=Settings(hosts=HOSTS)), lifespan="off")  # it would begin and end with every request
