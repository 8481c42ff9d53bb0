"""The service as an AWS Lambda function, behind an API Gateway (HTTP API) or a function URL.

The handler is `aws_lambda.handler`. The image of the function needs `pip install 'movie-reports[serve]' mangum`, 2 GB of
memory, this file, and the database: either in the image, or on EFS if an ingest elsewhere replaces it. The variable
MOVIE_REPORTS_DATABASE says where it is.
"""

from mangum import Mangum

from movie_reports.server.app import create
from movie_reports.server.settings import Settings

HOSTS = ("films.example.org",)  # the names under which the function is reached

handler = Mangum(create(settings=Settings(hosts=HOSTS)), lifespan="off")  # it would begin and end with every request
