-- Which request has made a connection: a crash between the making and the answer makes no second.
alter table connection add column request uuid unique;
