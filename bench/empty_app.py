"""The least a Streamlit page with a year filter can be: every page of ours is compared with it."""

import streamlit as st

YEARS = ("2014", "2015", "2016", "2017")

st.set_page_config(page_title="Page vide", layout="wide")
year = st.segmented_control(
    "Année", YEARS, default="2016", key="annee", required=True, bind="query-params"
)
st.title(f"Année {year}")
